public import Ledger
internal import Models

/// A message that is made and kept, to be sent later.
public struct StoredMessage: Sendable {
    /// The message's id.
    public var id: String
    /// Its type, which is its routing key.
    public var type: String
    /// The business key.
    public var subject: String
    /// The object's revision.
    public var revision: Int64
    /// The body.
    public var body: [UInt8]

    /// All fields in their order.
    public init(id: String, type: String, subject: String, revision: Int64, body: [UInt8]) {
        self.id = id
        self.type = type
        self.subject = subject
        self.revision = revision
        self.body = body
    }

    /// The message as it would be sent now.
    public init(_ announcement: Announcement) {
        let message = OutboxMessage(announcement)
        self.init(
            id: message.id, type: message.type, subject: message.subject, revision: message.revision,
            body: message.body)
    }
}

extension LedgerTransaction {
    /// Has the message sent by the outbox, after this transaction.
    public func enqueue(_ message: StoredMessage) throws {
        try enqueueOutbox(
            OutboxMessage(
                id: message.id, exchange: FleetTopology.exchange, routingKey: message.type,
                contentType: IncomingMessage.structured, type: message.type, subject: message.subject,
                revision: message.revision, body: message.body), at: Timestamp.now().microseconds)
    }
}
