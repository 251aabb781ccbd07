internal import Fleet
internal import Models
internal import RabbitMQ

/// A dead letter as it lies in its queue.
struct Letter: Sendable {
    let tag: DeliveryTag
    let flow: String
    let properties: MessageProperties
    let body: [UInt8]
    let id: String
    let type: String?
    let subject: String?
    let revision: Int64?

    init(_ delivery: Delivery, flow: String, reader: MessageReader) {
        let properties = delivery.properties
        let body = delivery.body.bytes
        let names = Names(body, properties, reader)
        tag = delivery.tag
        self.flow = flow
        self.properties = properties
        self.body = body
        id = names.id ?? "body-" + StableHash.fnv1a(body)
        (type, subject, revision) = (names.type, names.subject, names.revision)
    }

    /// Why it failed. The broker itself dead-letters what keeps crashing workers, and leaves only its own record.
    var code: String {
        text(MessageHeader.code) ?? "broker." + (text("x-first-death-reason") ?? "unknown")
    }

    var category: String { text(MessageHeader.category) ?? (isRefusedUnread ? "malformed" : "poison") }

    var sentence: String {
        text(MessageHeader.sentence)
            ?? (isRefusedUnread
                ? "A worker refused the message unread: it is far larger than any message may be."
                : "The broker took the message out of the flow; it may crash workers.")
    }

    /// Workers refuse nothing else without leaving a record of their own.
    private var isRefusedUnread: Bool { text("x-first-death-reason") == "rejected" }

    var remedy: String { text(MessageHeader.remedy) ?? "" }
    var attempts: Int { Int(clamping: properties.headers[MessageHeader.attempt]?.integer ?? 0) }
    var firstFailedAt: Timestamp? { text(MessageHeader.firstFailedAt).flatMap { Timestamp(rfc3339: $0) } }
    var lastFailedAt: Timestamp? { text(MessageHeader.lastFailedAt).flatMap { Timestamp(rfc3339: $0) } }
    /// When it was sent back to its flow last, and failed again.
    var replayedAt: Timestamp? { text(MessageHeader.replayedAt).flatMap { Timestamp(rfc3339: $0) } }
    var faults: [LetterFault] { LetterFault.list(text(MessageHeader.faults) ?? "") }

    /// Names this letter and no other: the same message, failed again or replayed since, has another mark.
    var mark: String {
        let times = [MessageHeader.lastFailedAt, MessageHeader.replayedAt].map { text($0) ?? "" }
        let names = Array(([id] + times).joined(separator: "\u{1F}").utf8)
        return StableHash.fnv1a(names) + StableHash.fnv1a(body) + "-\(body.count)"
    }

    func text(_ header: String) -> String? { properties.headers[header]?.text }
}

extension Letter {
    /// What the message calls itself, from its envelope or else its properties.
    private struct Names {
        var id: String?
        var type: String?
        var subject: String?
        var revision: Int64?

        init(_ body: [UInt8], _ properties: MessageProperties, _ reader: MessageReader) {
            let transport = IncomingMessage(
                contentType: properties.contentType, contentEncoding: properties.contentEncoding,
                messageID: properties.messageID, type: properties.type,
                headers: {
                    properties.headers.entries.compactMap { entry in entry.value.text.map { (entry.name, $0) } }
                })
            do throws(ContractError) {
                let envelope = try reader.read(body, transport).envelope
                (id, type, subject, revision) = (envelope.id, envelope.type, envelope.subject, envelope.revision)
            } catch {
                (id, type) = (error.id ?? properties.messageID, error.type ?? properties.type)
                subject = error.subject ?? properties.headers["cloudEvents_subject"]?.text
            }
        }
    }
}
