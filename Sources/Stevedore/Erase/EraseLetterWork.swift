internal import Fleet
internal import Models
internal import RabbitMQ

/// Makes the copies that take the place of letters, and keeps count.
struct EraseLetterWork {
    let eraser: BodyEraser
    /// The user that the broker knows us by.
    let user: String?
    var counts: EraseCounts
    /// The messages whose letters are copied.
    private(set) var ids: [String] = []

    init(eraser: BodyEraser, user: String?, counts: EraseCounts) {
        (self.eraser, self.user, self.counts) = (eraser, user, counts)
    }

    /// A letter and what takes its place.
    struct Copy: Sendable {
        let letter: Delivery
        let copy: OutgoingMessage
    }

    /// The copies of those that hold anything of the person, in their order.
    mutating func copies(of letters: [Delivery], _ queue: String, at now: Timestamp) -> [Copy] {
        var copies: [Copy] = []
        for letter in letters {
            guard let copy = copy(of: letter, queue, at: now) else { continue }
            copies.append(Copy(letter: letter, copy: copy))
            counts[.letters] += 1
            if let id = PersonalMessage(letter.body.bytes)?.id ?? letter.properties.messageID { ids.append(id) }
        }
        return copies
    }

    /// Somebody else has letters of that queue.
    mutating func noteHeld(_ queue: String) { counts.held.insert(queue) }

    /// Some could not be copied: no broker takes them, and they stay.
    mutating func leave(_ count: Int) { counts[.letters] -= count }

    private mutating func copy(of letter: Delivery, _ queue: String, at now: Timestamp) -> OutgoingMessage? {
        var properties = letter.properties
        var body = letter.body.bytes
        let outcome = eraser.erase(body, type: properties.type)
        switch outcome {
        case .open(let subject):
            counts.open.insert(subject)
            return nil
        case .erased(let bytes): body = bytes
        case .untouched: break
        }
        let headers = FieldTable(
            properties.headers.entries.map { entry in
                let reading = EraseProse.reading(header: entry.name)
                let text = entry.value.text.flatMap { eraser.erase($0, outcome, as: reading) }
                return (name: entry.name, value: text.map { FieldValue.string($0) } ?? entry.value)
            })
        // A copy that says the same would be copied again when it is met behind the others, without end.
        guard body != letter.body.bytes || headers != properties.headers else { return nil }
        properties.headers = headers
        return Self.message(body, properties, of: letter, queue, user, at: now)
    }

    /// As the letter came, but for what the broker would act on: a time to live, which would throw the copy away; routing
    /// keys for more copies; a place for replies that only its consumer may name; and a user who is not ourselves.
    private static func message(
        _ body: [UInt8], _ properties: MessageProperties, of letter: Delivery, _ queue: String, _ user: String?,
        at now: Timestamp
    ) -> OutgoingMessage {
        var properties = properties
        for name in ["CC", "BCC", "x-delivery-count", "x-acquired-count"] { properties.headers[name] = nil }
        properties.headers[MessageHeader.erased] = .string(now.description)
        if let producer = properties.userID, producer != user {
            let header = MessageHeader.producerUser
            properties.headers[header] = properties.headers[header] ?? .string(producer)
            properties.userID = nil
        }
        if properties.replyTo?.hasPrefix("amq.rabbitmq.reply-to") == true { properties.replyTo = nil }
        properties.expiration = nil
        let isUnrouted = queue == FleetTopology.unroutedQueue
        return OutgoingMessage(
            exchange: isUnrouted ? FleetTopology.unroutedExchange : FleetTopology.deadExchange,
            routingKey: isUnrouted ? letter.routingKey : queue, properties: properties, body: body)
    }
}
