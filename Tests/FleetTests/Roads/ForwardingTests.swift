import FleetTesting
import Models
import Testing

@testable import Fleet
@testable import RabbitMQ

@Suite struct ForwardingTests {
    private func copy(
        _ properties: MessageProperties, body: [UInt8] = [], extra: [(name: String, value: FieldValue)] = []
    ) -> OutgoingMessage {
        Forwarding.copy(
            of: Samples.intake(body, properties: properties), exchange: "commerce.retry", routingKey: "q", extra: extra)
    }

    /// The copy of a message whose properties another client put on the wire like this.
    private func copy(wire: [UInt8]) -> OutgoingMessage {
        let delivery = Delivery(
            Arrival(
                tag: 1, redelivered: false, exchange: "commerce", routingKey: "k", properties: 0..<wire.count,
                body: wire.count..<wire.count), storage: wire, epoch: 1)
        return Forwarding.copy(of: Intake(delivery), exchange: "commerce.retry", routingKey: "q", extra: [])
    }

    /// What broker-made headers a message comes back with, as any client would put it on the wire.
    private func size(_ message: OutgoingMessage) -> Int {
        message.properties.headers.entries.reduce(0) { $0 + $1.name.utf8.count + "\($1.value)".utf8.count }
    }

    @Test("the body stays byte for byte", .reportsSeed)
    func body() {
        var random = SeededRandom()
        let bytes = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(copy(.init(), body: bytes).body == bytes)
    }

    @Test("death records, delivery counts and second addresses do not travel on")
    func dropped() {
        let names = [
            "x-death", "x-first-death-exchange", "x-first-death-queue", "x-last-death-reason", "x-delivery-count",
            "x-acquired-count", "CC", "BCC",
        ]
        var headers = FieldTable(names.map { ($0, "anything") })
        headers["shop"] = "kept"
        #expect(copy(.init(headers: headers)).properties.headers == ["shop": "kept"])
    }

    @Test("the producer's user moves to a header, because the broker would refuse it as ours")
    func user() {
        let copy = copy(.init(headers: [MessageHeader.producerUser: "forged"], userID: "store"))
        #expect(copy.properties.userID == nil)
        #expect(copy.properties.headers == [MessageHeader.producerUser: "store"])
        let again = self.copy(copy.properties)
        #expect(again.properties.headers == [MessageHeader.producerUser: "store"])
    }

    @Test("other properties stay, the copy is persistent, and an old expiration does not come along")
    func properties() {
        let copy = copy(
            .init(
                contentType: "application/cloudevents+json", deliveryMode: 1, correlationID: "c", replyTo: "answers",
                expiration: "1", messageID: "m", timestamp: 7, type: "order.placed.v1", appID: "shop"))
        #expect(
            copy.properties
                == .init(
                    contentType: "application/cloudevents+json", deliveryMode: 2, correlationID: "c",
                    replyTo: "answers", messageID: "m", timestamp: 7, type: "order.placed.v1", appID: "shop"))
    }

    @Test("the pseudo-queue of direct replies is left out: the broker would close the channel")
    func directReply() {
        #expect(copy(.init(replyTo: "amq.rabbitmq.reply-to")).properties.replyTo == nil)
    }

    @Test("our own header replaces one of the same name")
    func replaced() {
        let copy = copy(.init(headers: [MessageHeader.code: "old"]), extra: [(MessageHeader.code, "new")])
        #expect(copy.properties.headers == [MessageHeader.code: "new"])
    }

    @Test("foreign headers are kept as long as all fit one frame; the largest go first")
    func bounded() {
        var headers = FieldTable()
        for index in 0..<40 { headers["h\(index)"] = .string(String(repeating: "v", count: index * 100)) }
        headers["nested"] = .table([
            "list": .array(Array(repeating: .string(String(repeating: "n", count: 999)), count: 60))
        ])
        let copy = copy(.init(headers: headers))
        #expect(size(copy) < MessageHeader.largestTable)
        #expect(copy.properties.headers["h0"] != nil)
        #expect(copy.properties.headers["nested"] == nil)
    }

    @Test("thousands of small headers are bounded, too, and names too long to write are left out")
    func manyHeaders() {
        var headers = FieldTable()
        headers["kept"] = "yes"
        headers[String(repeating: "n", count: 129)] = "too long a name"
        for index in 0..<3_000 { headers["header-\(index)"] = .string("value") }
        let copy = copy(.init(headers: headers))
        #expect(size(copy) < MessageHeader.largestTable)
        #expect(copy.properties.headers.entries.allSatisfy { $0.name.utf8.count <= 128 })
    }

    @Test("a name too long to write is left out at whatever depth it hides", arguments: [129, 255])
    func nestedNames(length: Int) throws {
        let name = [UInt8(clamping: length)] + [UInt8](repeating: 0x6E, count: length)
        var writer = WireWriter()
        writer.integer(UInt16(1 << 13))
        try writer.measured { (writer: inout WireWriter) throws(WireFault) in
            try writer.shortString("nested", name: "")
            writer.raw("F".utf8)
            try writer.measured { (writer: inout WireWriter) throws(WireFault) in
                writer.raw(name + Array("t".utf8) + [1])
                try writer.shortString("list", name: "")
                writer.raw("A".utf8)
                try writer.measured { (writer: inout WireWriter) throws(WireFault) in
                    writer.raw("F".utf8)
                    try writer.measured { (writer: inout WireWriter) throws(WireFault) in
                        writer.raw(name + Array("t".utf8) + [1])
                        try writer.shortString("kept", name: "")
                        writer.raw(Array("t".utf8) + [1])
                    }
                }
            }
        }
        let copy = copy(wire: writer.bytes)
        #expect(copy.properties.headers["nested"] == .table(["list": .array([.table(["kept": true])])]))
        #expect(throws: Never.self) { try EncodedMessage(copy) }
    }

    @Test("properties that grow when they are repaired are cut to what AMQP can carry, between two scalars")
    func longProperties() throws {
        // Content type and encoding, correlation id, reply-to, message id, type, user id, app id: 86 bytes each that are
        // no UTF-8, so that they are read as 86 replacement characters of three bytes.
        var writer = WireWriter()
        writer.integer(UInt16(0b1100_0110_1011_1000))
        for _ in 0..<8 { writer.raw([86] + [UInt8](repeating: 0xFF, count: 86)) }
        let copy = copy(wire: writer.bytes)
        #expect(throws: Never.self) { try EncodedMessage(copy) }
        let cut = String(repeating: "\u{FFFD}", count: 85)
        #expect(copy.properties.messageID == cut && copy.properties.appID == cut && copy.properties.type == cut)
        #expect(copy.properties.correlationID == cut && copy.properties.contentType == cut)
        #expect(copy.properties.replyTo == nil && copy.properties.userID == nil)
        #expect(Forwarding.shortText(String(repeating: "e\u{301}", count: 200)).utf8.count == 255)
        #expect(Forwarding.shortText(String(repeating: "a", count: 255)).count == 255)
    }

    @Test("whatever a producer writes into headers and properties, its copy can be published", .reportsSeed)
    func fuzz() throws {
        var random = SeededRandom()
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 0...2_000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var writer = WireWriter()
            writer.integer(UInt16.random(in: 0...UInt16.max, using: &random) & ~1)
            writer.raw(noise)
            var copy = copy(wire: writer.bytes)
            #expect(throws: Never.self) { try EncodedMessage(copy) }
            copy = Forwarding.reduced(copy, because: "a reason")
            #expect(throws: Never.self) { try EncodedMessage(copy) }
        }
    }

    @Test("a reduced copy has its body, what we wrote and what it is called, and says that it is reduced")
    func reduced() {
        let full = copy(
            .init(
                contentType: "t", headers: ["shop": "foreign", "stevedore-noise": .array([1])], correlationID: "c",
                replyTo: "r", messageID: "m", type: "order.placed.v1", userID: "store", appID: "shop"),
            body: [1, 2], extra: [(MessageHeader.attempt, .int64(2))])
        let copy = Forwarding.reduced(full, because: "too much")
        #expect(copy.body == [1, 2] && copy.exchange == full.exchange && copy.routingKey == full.routingKey)
        #expect(
            copy.properties
                == .init(
                    contentType: "t",
                    headers: [
                        MessageHeader.producerUser: "store", MessageHeader.attempt: .int64(2),
                        MessageHeader.reduced: "too much",
                    ], deliveryMode: 2, messageID: "m", type: "order.placed.v1"))
    }

    @Test("a long text is cut at a character's end, without a hole", arguments: ["x", "é", "👩‍👩‍👧‍👦", "漢"])
    func longText(character: String) throws {
        let text = "a" + String(repeating: character, count: 3_000)
        let cut = try #require(Forwarding.text(text).text)
        #expect(cut.utf8.count <= MessageHeader.longestText)
        #expect(cut.last == "…")
        #expect(text.hasPrefix(cut.dropLast()))
    }

    @Test("nothing after a character that does not fit is pulled up behind the cut")
    func noHole() throws {
        let text = String(repeating: "a", count: 2_044) + "漢" + String(repeating: "b", count: 100)
        #expect(try #require(Forwarding.text(text).text) == String(repeating: "a", count: 2_044) + "…")
    }

    @Test("a short text stays as it is")
    func shortText() {
        #expect(Forwarding.text("fine").text == "fine")
        let longest = String(repeating: "a", count: MessageHeader.longestText)
        #expect(Forwarding.text(longest).text == longest)
    }

    @Test("a forged time of the first failure never makes a dead letter too large to publish")
    func forgedTime() {
        let forged = MessageProperties(headers: [
            MessageHeader.firstFailedAt: .string(String(repeating: "9", count: 99_000))
        ])
        let letter = DeadLetter(
            Samples.intake(properties: forged), names: .init(.init(reason: .json, sentence: ""), properties: forged),
            queue: Samples.queue, worker: "w", failure: Samples.failure)
        #expect(size(letter.message) < 10_000)
    }
}
