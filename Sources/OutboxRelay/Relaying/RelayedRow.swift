internal import Models
internal import RabbitMQ

/// A row with the message that it becomes.
struct RelayedRow: Sendable {
    /// What has to be in order: messages about one subject that go to the same queue.
    struct Lane: Hashable, Sendable {
        var queue: String
        var subject: String
    }

    var id: Int64
    var lane: Lane
    var revision: Int64
    var message: OutgoingMessage
    /// Whether it goes alone, to see whether its queue takes messages again.
    var isProbe = false

    var size: Int { message.body.count }
}

/// What became of a row's message.
struct RelayAnswer: Sendable {
    var row: RelayedRow
    var outcome: PublishOutcome
}

/// Why a row can never be published as it is.
struct RowRefusal: Hashable, Sendable {
    var id: Int64
    var type: String
    var subject: String
    var revision: Int64
    /// Stable and dotted; of the contract's own codes where the contract is broken.
    var code: String
    /// What is wrong, with each fault at its place in the message: `/data/lines/0/quantity` is in the column `data`.
    var text: String
    /// The places alone, which name no person.
    var places: [String] = []
}

extension RowRefusal {
    /// The code of what no broker takes.
    static let unpublishable = "outbox.unpublishable"
    /// The code of what may not be late.
    static let notRelayed = "outbox.not-relayed"

    init(_ row: OutboxRow, code: String, text: String) {
        self.init(
            id: row.id, type: row.type, subject: row.subject, revision: row.revision, code: code, text: text)
    }

    /// A row that breaks its contract.
    init(_ row: OutboxRow, _ error: ContractError) {
        let faults = error.faults.prefix(Self.mostFaults)
        // The sentence has the first one, and how many there are.
        let others = faults.dropFirst().map { "\($0.pointer): \($0.sentence)" }
        let text = ([error.sentence] + (others.isEmpty ? [] : ["Also " + others.joined(separator: "; ") + "."]))
        self.init(row, code: error.code, text: text.joined(separator: " "))
        places = faults.map(\.pointer)
    }

    /// A row whose message no broker takes for what it is.
    init(_ row: RelayedRow, reason: String) {
        self.init(
            id: row.id, type: row.message.routingKey, subject: row.lane.subject, revision: row.revision,
            code: Self.unpublishable, text: "The message cannot be published: \(reason).")
    }

    private static let mostFaults = 20
}
