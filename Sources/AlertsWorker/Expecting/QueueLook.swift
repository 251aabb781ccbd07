internal import Fleet
internal import RabbitMQ

/// Asks the broker how many messages wait in a queue, over a connection of its own that is made anew when it is lost.
struct QueueLook: Sendable {
    private let admin: BrokerAdmin

    init(_ configuration: Configuration) throws(ProgramError) {
        admin = try BrokerDesk.admin(try BrokerDesk.configuration(configuration, "alerts-worker"))
    }

    /// Nil when the broker does not say. A queue that is not there has none, and is told of elsewhere.
    func count(in queue: String) async -> Int? {
        do { return try await admin.status(ofQueue: queue)?.messageCount ?? 0 } catch { return nil }
    }

    /// Disconnects.
    func close() async { await admin.close() }
}
