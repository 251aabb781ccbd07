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
        properties.headers = FieldTable(HeaderLimits.fitted(headers) + extra)
        properties.expiration = expiration.map { String(Int($0 / .milliseconds(1))) }
        properties.deliveryMode = 2
        fit(&properties)
        return OutgoingMessage(
            exchange: exchange, routingKey: routingKey, properties: properties, body: intake.delivery.body.bytes)
    }

    /// The same message without what is foreign: for a copy that AMQP cannot carry or the broker refuses as it is.
    static func reduced(_ message: OutgoingMessage, because reason: String) -> OutgoingMessage {
        let full = message.properties
        var headers = FieldTable(full.headers.entries.filter { MessageHeader.isOurs($0.name) && $0.value.isShort })
        headers[MessageHeader.reduced] = text(reason)
        var properties = MessageProperties(
            contentType: full.contentType, contentEncoding: full.contentEncoding, headers: headers, deliveryMode: 2,
            expiration: full.expiration, messageID: full.messageID, type: full.type)
        fit(&properties)
        return OutgoingMessage(
            exchange: message.exchange, routingKey: message.routingKey, properties: properties, body: message.body)
    }

    /// Cuts what can be read from the wire, where bytes that are no UTF-8 grow when they are repaired, but not be
    /// written to it.
    private static func fit(_ properties: inout MessageProperties) {
        properties.contentType = properties.contentType.map(shortText)
        properties.contentEncoding = properties.contentEncoding.map(shortText)
        properties.correlationID = properties.correlationID.map(shortText)
        properties.messageID = properties.messageID.map(shortText)
        properties.type = properties.type.map(shortText)
        properties.appID = properties.appID.map(shortText)
        // The broker takes this pseudo-queue only from a consumer of it, and would close the channel over ours; and half
        // a queue's name is another queue.
        if let queue = properties.replyTo, queue == "amq.rabbitmq.reply-to" || queue.utf8.count > 255 {
            properties.replyTo = nil
        }
    }

    /// Text of a property: at most 255 bytes, cut between two Unicode scalars.
    static func shortText(_ text: String) -> String {
        guard text.utf8.count > 255 else { return text }
        var cut = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += Unicode.UTF8.width(scalar)
            guard size <= 255 else { break }
            cut.append(scalar)
        }
        return String(cut)
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
