public import Ledger
public import Models
internal import RabbitMQ

/// A message that a program makes by itself, not in answer to another one.
public struct Announcement: Sendable {
    /// What it restates.
    public var payload: any Payload
    /// As what it travels.
    public var type: MessageType
    /// When that became so.
    public var time: Timestamp

    /// All fields in their order.
    public init(_ payload: any Payload, as type: MessageType, at time: Timestamp) {
        self.payload = payload
        self.type = type
        self.time = time
    }
}

extension OutboxMessage {
    /// The message, to be published by the outbox.
    init(_ announcement: Announcement) {
        let type = announcement.type
        let envelope = Envelope(
            for: announcement.payload, as: type, source: FleetTopology.source, time: announcement.time)
        self.init(
            id: envelope.id, exchange: FleetTopology.exchange, routingKey: type.name,
            contentType: IncomingMessage.structured, type: type.name, subject: envelope.subject,
            revision: envelope.revision, body: MessageWriter().write(envelope, announcement.payload))
    }
}

extension LedgerTransaction {
    /// Has the message sent by the outbox, after this transaction and in the order of its subject. What its own contract
    /// refuses, and can be left out, is.
    /// - Parameter now: When it is written down, in microseconds since 1970.
    public func enqueue(_ announcement: Announcement, now: Int64 = Timestamp.now().microseconds) throws {
        var announcement = announcement
        if !announcement.payload.contractFaults.isEmpty { announcement.payload = announcement.payload.mended() }
        try enqueueOutbox(OutboxMessage(announcement), at: now)
    }
}
