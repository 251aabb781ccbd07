internal import Fleet
internal import Models
internal import RabbitMQ

/// The dead-letter queue of one flow, read from its front.
///
/// Letters that are taken and not acknowledged go back to the queue, in their order, when the connection closes; dead
/// letter queues are declared so that the broker never drops one for having been looked at.
final class LetterQueue {
    let flow: String
    private let admin: BrokerAdmin
    private let reader = MessageReader()
    private var remaining: Int

    /// Nil when there is no such queue. Only what is in the queue now will be handed out: what comes back meanwhile,
    /// because a replay failed again, is for the next run.
    init?(flow: String, admin: BrokerAdmin) async throws(BrokerError) {
        guard let status = try await admin.status(ofQueue: FleetTopology.deadQueue(flow)) else { return nil }
        self.flow = flow
        self.admin = admin
        remaining = status.messageCount
    }

    /// The next letter.
    func next() async throws(BrokerError) -> Letter? {
        guard remaining > 0, let delivery = try await admin.get(queue: FleetTopology.deadQueue(flow)) else {
            return nil
        }
        remaining -= 1
        return Letter(delivery, flow: flow, reader: reader)
    }

    /// Takes letters off the queue for good.
    func acknowledge(_ letters: [Letter]) async throws(BrokerError) {
        try await admin.settle(letters.map { .ack($0.tag) })
    }
}
