internal import Fleet
internal import FoundationEssentials
internal import Ledger
internal import Models
internal import RabbitMQ

/// A letter as one line of a file: where it lay, its properties and its body, byte for byte.
///
/// The other members (id, code, sentence …) are for people and filters; read back, they follow from headers and body.
struct ExchangedLetter: Sendable {
    let source: LetterSource
    let routingKey: String
    let properties: MessageProperties
    let body: [UInt8]

    /// A letter as it lies in its queue. The broker's own counts of how often it was handed out are no part of it.
    init(_ letter: Letter) {
        var properties = letter.properties
        for name in ["x-delivery-count", "x-acquired-count"] { properties.headers[name] = nil }
        (source, routingKey, self.properties, body) = (letter.source, letter.routingKey, properties, letter.body)
    }

    /// The line of a letter.
    static func line(
        _ letter: Letter, state: DeadLetterState = .open, note: String? = nil
    ) -> JSONValue {
        let exchanged = ExchangedLetter(letter)
        return .object(
            members(of: letter, state, note) + [
                JSONValue.Member(name: "routingKey", value: .string(exchanged.routingKey)),
                JSONValue.Member(name: "properties", value: exchanged.properties.exchanged),
                JSONValue.Member(name: "headers", value: ExchangedValue.json(exchanged.properties.headers)),
                exchanged.bodyMember,
            ])
    }

    private static func members(
        of letter: Letter, _ state: DeadLetterState, _ note: String?
    ) -> [JSONValue.Member] {
        let members: [(String, JSONValue)] = [
            ("id", .string(letter.id)), ("queue", .string(letter.source.queue)), ("flow", .string(letter.flow)),
            ("type", .optional(letter.type)), ("subject", .optional(letter.subject)),
            ("revision", .optional(letter.revision)), ("code", .string(letter.code)),
            ("category", .string(letter.category)), ("sentence", .string(letter.sentence)),
            ("fingerprint", .string(letter.cause)),
            ("attempts", .integer(Int64(letter.attempts))), ("state", .string(state.rawValue)),
            ("note", .optional(note)), ("firstFailedAt", .optional(letter.firstFailedAt?.description)),
            ("lastFailedAt", .optional(letter.lastFailedAt?.description)),
        ]
        return members.map { JSONValue.Member(name: $0.0, value: $0.1) }
    }

    private var bodyMember: JSONValue.Member {
        if body.count <= ExchangeFormat.largestText, let text = String(validating: body, as: UTF8.self) {
            return JSONValue.Member(name: "body", value: .string(text))
        }
        return JSONValue.Member(name: "bodyBase64", value: .string(Data(body).base64EncodedString()))
    }
}

// MARK: - Reading

extension ExchangedLetter {
    /// What a line says.
    init(reading json: JSONValue, largestBody: Int = ExchangeFormat.largestBody) throws(LineFault) {
        guard case .string(let queue) = json["queue"] else { throw LineFault("The queue is missing.") }
        guard let source = LetterSource(queue: queue) else {
            throw LineFault("There are no letters in a queue `\(InertText.line(queue))`.")
        }
        self.source = source
        if case .string(let key) = json["routingKey"] { routingKey = key } else { routingKey = queue }
        properties = try MessageProperties(
            exchanged: json["properties"] ?? .object([]), headers: json["headers"] ?? .object([]))
        body = try Self.body(json)
        guard body.count <= largestBody else {
            let (size, limit) = (Count.grouped(body.count), Count.grouped(largestBody))
            throw LineFault("The body has \(size) bytes; \(limit) are allowed.")
        }
    }

    private static func body(_ json: JSONValue) throws(LineFault) -> [UInt8] {
        switch (json["body"], json["bodyBase64"]) {
        case (.string(let text), nil): return Array(text.utf8)
        case (nil, .string(let text)):
            guard let bytes = Data(base64Encoded: text) else { throw LineFault("`bodyBase64` is no base64.") }
            return Array(bytes)
        case (nil, nil): throw LineFault("The body is missing.")
        case (.some, .some): throw LineFault("There are two bodies, `body` and `bodyBase64`.")
        default: throw LineFault("The body is no text.")
        }
    }

    /// As it will lie in its queue; throws when AMQP cannot carry its properties.
    func letter(_ reader: MessageReader) throws(LineFault) -> Letter {
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 0, value: 0), exchange: FleetTopology.deadExchange, routingKey: routingKey,
            properties: properties, body: body)
        let carried = delivery.properties
        // Compared as JSON, where no number differs from itself.
        guard carried.exchanged == properties.exchanged,
            ExchangedValue.json(carried.headers) == ExchangedValue.json(properties.headers)
        else { throw LineFault("AMQP cannot carry its properties: a name or a text in them is too long, or too deep.") }
        return Letter(delivery, source: source, reader: reader)
    }
}
