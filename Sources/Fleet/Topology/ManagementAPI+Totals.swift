internal import FoundationEssentials

extension ManagementAPI {
    /// How many messages each queue of the virtual host has, with those that AMQP does not count: in hand, and those that
    /// the broker keeps because the queue they are to go to is full.
    package func queueTotals() async throws(ProgramError) -> [String: Int] {
        let path = "/api/queues/\(Self.encoded(vhost))?columns=name,messages"
        return try await read(path, "a list of queues") { try ManagementQueue.totals($0) }
    }
}

/// A queue as the plugin writes it.
struct ManagementQueue: Decodable {
    var name: String
    /// Missing until the plugin has seen the queue's first figures.
    var messages: Int?

    static func totals(_ body: [UInt8]) throws -> [String: Int] {
        let queues = try JSONDecoder().decode([ManagementQueue].self, from: Data(body))
        return queues.reduce(into: [:]) { $0[$1.name] = $1.messages }
    }
}
