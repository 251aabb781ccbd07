internal import Fleet
internal import Models
internal import RabbitMQ

/// A message as it lies in a dead-letter queue, or unrouted. A class, because it has many parts and is handed on often.
final class Letter: Sendable {
    let tag: DeliveryTag
    let source: LetterSource
    /// What it was published with.
    let routingKey: String
    let properties: MessageProperties
    let body: [UInt8]
    let id: String
    let type: String?
    let subject: String?
    let revision: Int64?
    /// What is found when the body is read again, since the worker's header may have been too small for all of it; what the
    /// worker has written where that is more, or no fault of the body.
    let faults: [LetterFault]
    let lastFailedAt: Timestamp?
    /// What it says, where that can be read and keeps to its contract.
    let content: Received?
    /// Names this letter and no other: the same message, failed again or replayed since, has another mark.
    let mark: String

    init(_ delivery: Delivery, source: LetterSource, reader: MessageReader) {
        let properties = delivery.properties
        let body = delivery.body.bytes
        let names = Names(body, properties, reader)
        tag = delivery.tag
        self.source = source
        routingKey = delivery.routingKey
        self.properties = properties
        self.body = body
        id = names.id ?? "body-" + StableHash.fnv1a(body)
        (type, subject, revision) = (names.type, names.subject, names.revision)
        content = names.content
        let written = LetterFault.list(properties.headers[MessageHeader.faults]?.text ?? "")
        mark = Letter.mark(id, properties.headers, body)
        lastFailedAt =
            source == .unrouted
            ? Self.publishedAt(properties)
            : properties.headers[MessageHeader.lastFailedAt]?.text.flatMap { Timestamp(rfc3339: $0) }
        let isOfBody = properties.headers[MessageHeader.code]?.text?.hasPrefix("malformed.") ?? false
        faults = isOfBody && names.faults.count >= written.count ? names.faults : written
    }

    var flow: String { source.flow }

    /// Why it failed. The broker itself dead-letters what keeps crashing workers, and leaves only its own record.
    var code: String {
        if source == .unrouted { return "unrouted" }
        return text(MessageHeader.code) ?? "broker." + (text("x-first-death-reason") ?? "unknown")
    }

    var category: String {
        if source == .unrouted { return "unrouted" }
        return text(MessageHeader.category) ?? (isRefusedUnread ? "malformed" : "poison")
    }

    var sentence: String {
        if source == .unrouted { return "No queue wanted it when it was published with the key \(routingKey)." }
        return text(MessageHeader.sentence)
            ?? (isRefusedUnread
                ? "A worker refused the message unread: it is far larger than any message may be."
                : "The broker took the message out of the flow; it may crash workers.")
    }

    /// Workers refuse nothing else without leaving a record of their own.
    private var isRefusedUnread: Bool { text("x-first-death-reason") == "rejected" }

    var remedy: String {
        guard source == .unrouted else { return text(MessageHeader.remedy) ?? "" }
        return isWanted
            ? "Run `stevedore topology apply`, then `dead-letter replay --queue unrouted --all --reason …`."
            : "No flow takes this type: install the release that does, or have the producer correct the type."
    }

    /// Whether there is a flow for it, when its binding is in place.
    var isWanted: Bool {
        source != .unrouted || FleetTopology.flows.contains { FleetTopology.types(of: $0).contains(routingKey) }
    }

    /// Equal for letters with the same cause; nil where the broker itself made it a letter.
    var fingerprint: String? { text(MessageHeader.fingerprint) }

    var attempts: Int { Int(clamping: properties.headers[MessageHeader.attempt]?.integer ?? 0) }
    var firstFailedAt: Timestamp? {
        source == .unrouted
            ? Self.publishedAt(properties) : text(MessageHeader.firstFailedAt).flatMap { Timestamp(rfc3339: $0) }
    }
    private static func publishedAt(_ properties: MessageProperties) -> Timestamp? {
        properties.timestamp.flatMap { Int64(exactly: $0) }.flatMap { seconds in
            let (microseconds, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000)
            return isTooLarge ? nil : Timestamp(microseconds: microseconds)
        }
    }
    /// When it was sent back to its flow last, and failed again.
    var replayedAt: Timestamp? { text(MessageHeader.replayedAt).flatMap { Timestamp(rfc3339: $0) } }

    private static func mark(_ id: String, _ headers: FieldTable, _ body: [UInt8]) -> String {
        let failedAt = headers[MessageHeader.lastFailedAt]?.text ?? ""
        let names = id + "\u{1F}" + failedAt + "\u{1F}" + (headers[MessageHeader.replayedAt]?.text ?? "")
        return StableHash.fnv1a(names.utf8) + StableHash.byWords(body) + "-\(body.count)"
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
        var faults: [LetterFault] = []
        var content: Received?

        init(_ body: [UInt8], _ properties: MessageProperties, _ reader: MessageReader) {
            let transport = IncomingMessage(properties)
            do throws(ContractError) {
                let received = try reader.read(body, transport)
                let envelope = received.envelope
                content = received
                (id, type, subject, revision) = (envelope.id, envelope.type, envelope.subject, envelope.revision)
            } catch {
                (id, type) = (error.id ?? properties.messageID, error.type ?? properties.type)
                subject = error.subject ?? properties.headers["cloudEvents_subject"]?.text
                faults = LetterFault.list(error)
            }
        }
    }
}
