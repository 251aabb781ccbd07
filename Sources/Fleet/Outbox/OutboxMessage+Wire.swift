internal import Ledger
internal import Models
internal import RabbitMQ

extension OutboxMessage {
    /// The envelope and body of a follow-up, ready to be stored beside the effect that caused it.
    ///
    /// The body is read before it is stored: what its own contract refuses would be confirmed, dead-lettered at the other end,
    /// and the store would never hear. What can be left out is; a failure says what else is wrong.
    init(_ followUp: FollowUp, cause: Envelope, time: Timestamp) throws(Failure) {
        let time = followUp.time ?? time
        do throws(ContractError) {
            try self.init(followUp.payload, as: followUp.type, cause, time)
        } catch {
            let mended = followUp.payload.mended()
            do throws(ContractError) {
                try self.init(mended, as: followUp.type, cause, time)
            } catch {
                throw Failure.followUp(error, of: cause, type: followUp.type)
            }
        }
    }

    private init(
        _ payload: any Payload, as type: MessageType, _ cause: Envelope, _ time: Timestamp
    ) throws(ContractError) {
        let envelope = Envelope(
            for: payload, as: type, source: FleetTopology.source, time: time,
            traceParent: cause.traceParent, traceState: cause.traceState)
        let body = MessageWriter().write(envelope, payload)
        _ = try MessageReader().read(body)
        self.init(
            id: envelope.id, exchange: FleetTopology.exchange, routingKey: type.name,
            contentType: IncomingMessage.structured, type: envelope.type, subject: envelope.subject,
            revision: envelope.revision, headers: envelope.traceHeaders, correlationID: cause.id,
            body: body)
    }
}

extension OutgoingMessage {
    /// The stored message with the properties that mirror its envelope.
    init(outbox leased: LeasedOutboxMessage) {
        self.init(leased.message, at: leased.enqueuedAt)
    }

    /// A message that is made now.
    init(_ message: OutboxMessage) {
        self.init(message, at: Timestamp.now().microseconds)
    }

    private init(_ message: OutboxMessage, at time: Int64) {
        var headers = FieldTable(message.headers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        headers["cloudEvents_subject"] = .string(message.subject)
        headers["cloudEvents_revision"] = .int64(message.revision)
        // AMQP has no room for a longer one, and half an id is no id.
        let correlationID = message.correlationID.flatMap { $0.utf8.count <= 255 ? $0 : nil }
        self.init(
            exchange: message.exchange, routingKey: message.routingKey,
            properties: MessageProperties(
                contentType: message.contentType, headers: headers, correlationID: correlationID,
                messageID: message.id, timestamp: UInt64(clamping: time / 1_000_000),
                type: message.type, appID: FleetTopology.source),
            body: message.body)
    }
}

extension Envelope {
    /// The W3C trace context as plain headers, where every RabbitMQ instrumentation looks for it.
    fileprivate var traceHeaders: [String: String] {
        var headers: [String: String] = [:]
        headers["traceparent"] = traceParent
        headers["tracestate"] = traceState
        return headers
    }
}
