internal import Models
internal import RabbitMQ

/// Makes the message of a row: the envelope from its columns, and `data` as the store wrote it.
///
/// What a worker would put among the dead letters is refused here, where the store can see it. Belongs to one task.
struct RowReader {
    /// What came of a row.
    enum Verdict: Sendable {
        case message(RelayedRow)
        case refused(RowRefusal)
        /// Nothing is known against the row: this machine could not read it now.
        case unread(reason: String)
    }

    private let source: String
    private let limits = MessageReader.Limits()
    private let reader = MessageReader()

    /// - Parameter source: The `source` of every message.
    init(source: String) { self.source = source }

    /// The queue that rows of a type lead to.
    static func queue(of type: String) -> String { Catalogue.type(named: type)?.queue ?? type }

    func read(_ row: OutboxRow) -> Verdict {
        do throws(ContractError) {
            // As in binary mode, so that `data` has to be a document of its own and can say nothing about the envelope.
            return verdict(try reader.read(row.data, incoming(row)), row)
        } catch {
            return error.reason == .unable
                ? .unread(reason: error.sentence) : .refused(RowRefusal(row, error))
        }
    }

    private func incoming(_ row: OutboxRow) -> IncomingMessage {
        var attributes = [
            ("specversion", "1.0"), ("id", row.messageID), ("source", source), ("type", row.type),
            ("subject", row.subject), ("revision", String(row.revision)),
            ("time", OutboxRow.time(of: row.createdAt)?.description ?? row.createdAt),
        ]
        if let parent = row.traceParent { attributes.append(("traceparent", parent)) }
        let headers = attributes.map { (name: "cloudEvents_" + $0.0, value: IncomingMessage.HeaderValue.text($0.1)) }
        return IncomingMessage(contentType: "application/json", headers: { headers })
    }

    private func verdict(_ received: Received, _ row: OutboxRow) -> Verdict {
        let type = received.type
        if type.isQuestion || type.isReply {
            return .refused(
                RowRefusal(
                    row, code: RowRefusal.notRelayed,
                    text: "Nobody waits for a \(type) that comes late: ask for it over AMQP, with reply-to."))
        }
        let message = message(received, data: row.data)
        guard message.body.count <= limits.bytes else {
            return .refused(
                RowRefusal(
                    row, code: ContractError.Reason.tooLarge.rawValue,
                    text: "The message has \(message.body.count) bytes; at most \(limits.bytes) are read."))
        }
        return .message(
            RelayedRow(
                id: row.id, lane: .init(queue: type.queue, subject: received.envelope.subject),
                revision: received.envelope.revision, message: message))
    }

    /// The properties mirror the envelope, so that tools need not read the body.
    private func message(_ received: Received, data: [UInt8]) -> OutgoingMessage {
        let envelope = received.envelope
        var headers: FieldTable = [
            "cloudEvents_subject": .string(envelope.subject), "cloudEvents_revision": .int64(envelope.revision),
        ]
        if let parent = envelope.traceParent { headers["traceparent"] = .string(parent) }
        return OutgoingMessage(
            exchange: Catalogue.exchange, routingKey: received.type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, headers: headers, messageID: envelope.id,
                timestamp: UInt64(clamping: envelope.time.microseconds / 1_000_000), type: received.type.name,
                appID: source),
            body: body(envelope, received.type, data))
    }

    /// CloudEvents in structured mode. Members of `data` that the contract does not know stay in it.
    private func body(_ envelope: Envelope, _ type: MessageType, _ data: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: data.count + 1_024)
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", envelope.id)
            writer.member("source", envelope.source)
            writer.member("type", envelope.type)
            writer.member("subject", envelope.subject)
            writer.member("time", envelope.time.description)
            writer.member("datacontenttype", "application/json")
            writer.member("dataschema", type.dataSchema)
            writer.key("revision")
            writer.raw(String(envelope.revision))
            writer.member("traceparent", envelope.traceParent)
            writer.key("data")
            writer.raw(String(decoding: data, as: UTF8.self))
        }
        return writer.bytes
    }
}
