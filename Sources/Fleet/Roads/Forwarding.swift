internal import Models
internal import RabbitMQ

/// Makes the copy of a received message that goes to a retry queue or a dead-letter queue: the body byte for byte,
/// properties kept, headers cleaned.
enum Forwarding {
    /// The copy. `extra` replaces headers of the same name.
    static func copy(
        of intake: Intake, exchange: String, routingKey: String, extra: [(name: String, value: FieldValue)],
        expiration: Duration? = nil
    ) -> OutgoingMessage {
        var properties = intake.properties
        var names = Set(extra.map(\.name))
        if properties.userID != nil { names.insert(MessageHeader.producerUser) }
        var headers = properties.headers.entries.filter {
            !MessageHeader.isDropped($0.name) && !names.contains($0.name)
        }
        if let user = properties.userID {
            // The broker checks user-id against the connection's own user, so the producer's moves to a header.
            headers.append((MessageHeader.producerUser, .string(user)))
            properties.userID = nil
        }
        properties.headers = FieldTable(fitted(headers) + extra)
        properties.expiration = expiration.map { String(Int($0 / .milliseconds(1))) }
        properties.deliveryMode = 2
        // The broker takes this pseudo-queue only from a consumer of it, and would close the channel over ours.
        if properties.replyTo == "amq.rabbitmq.reply-to" { properties.replyTo = nil }
        return OutgoingMessage(
            exchange: exchange, routingKey: routingKey, properties: properties, body: intake.delivery.body.bytes)
    }

    /// Foreign headers as long as they fit beside ours in one frame; the largest go first.
    private static func fitted(_ headers: [(name: String, value: FieldValue)]) -> [(name: String, value: FieldValue)] {
        // A name that long can be read from the wire, but must not be written to it.
        var kept = headers.filter { $0.name.utf8.count <= 128 }.map { (header: $0, size: $0.value.roughSize + 130) }
        var total = kept.reduce(0) { $0 + $1.size }
        while total > MessageHeader.largestTable, let largest = kept.indices.max(by: { kept[$0].size < kept[$1].size })
        {
            total -= kept[largest].size
            kept.remove(at: largest)
        }
        return kept.map { $0.header }
    }

    /// A text header, cut to what fits.
    static func text(_ text: String) -> FieldValue {
        guard text.utf8.count > MessageHeader.longestText else { return .string(text) }
        var cut = ""
        for character in text {
            guard cut.utf8.count + character.utf8.count < MessageHeader.longestText - 3 else { break }
            cut.append(character)
        }
        return .string(cut + "…")
    }
}

extension FieldValue {
    /// About how many bytes it takes on the wire; never too few.
    fileprivate var roughSize: Int {
        switch self {
        case .string(let text): text.utf8.count + 5
        case .bytes(let bytes): bytes.count + 5
        case .array(let values): values.reduce(5) { $0 + $1.roughSize }
        case .table(let table): table.entries.reduce(5) { $0 + $1.name.utf8.count + 1 + $1.value.roughSize }
        default: 9
        }
    }
}
