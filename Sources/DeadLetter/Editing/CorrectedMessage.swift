internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// A message that takes a dead letter's place: corrected, under an id of its own, and kept to its contract. A class, because it
/// has many parts and is handed on often.
final class CorrectedMessage: Sendable {
    let id: String
    /// Where it goes.
    let flow: String
    let contentType: String
    let headers: [String: String]
    let correlationID: String?
    let body: [UInt8]
    /// What it says.
    let content: Received
    /// What differs from the letter; none when nothing was changed.
    let changes: [JSONChange]

    init(
        id: String, flow: String, contentType: String, headers: [String: String], correlationID: String?,
        body: [UInt8], content: Received, changes: [JSONChange]
    ) {
        (self.id, self.flow, self.contentType, self.headers) = (id, flow, contentType, headers)
        (self.correlationID, self.body, self.content, self.changes) = (correlationID, body, content, changes)
    }

    var type: String { content.envelope.type }
    var subject: String { content.envelope.subject }
    var revision: Int64 { content.envelope.revision }

    /// Queues beside the flow's that take messages of the type and only look on.
    var observers: [String] { flow == content.type.queue ? content.type.copies : [] }

    /// For the ledger: straight back into the flow, past the others that take messages of the type.
    var outbox: OutboxMessage { outbox(to: flow) }

    /// The same for one of those that look on.
    func outbox(to queue: String) -> OutboxMessage {
        OutboxMessage(
            id: id, exchange: FleetTopology.requeueExchange, routingKey: queue, contentType: contentType, type: type,
            subject: subject, revision: revision, headers: headers, correlationID: correlationID, body: body)
    }

    /// For the broker: what these rows of the outbox say.
    func outgoing(_ rows: CorrectionRows, at now: Timestamp) -> [OutgoingMessage] {
        ([flow] + rows.copies.map(\.queue)).map { outgoing(to: $0, at: now) }
    }

    /// As whoever flushes the outbox would publish it.
    private func outgoing(to queue: String, at now: Timestamp) -> OutgoingMessage {
        var table = FieldTable(headers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        table["cloudEvents_subject"] = .string(subject)
        table["cloudEvents_revision"] = .int64(revision)
        return OutgoingMessage(
            exchange: FleetTopology.requeueExchange, routingKey: queue,
            properties: MessageProperties(
                contentType: contentType, headers: table, correlationID: correlationID, messageID: id,
                timestamp: UInt64(clamping: now.microseconds / 1_000_000), type: type, appID: FleetTopology.source),
            body: body)
    }
}
