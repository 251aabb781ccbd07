import FleetTesting
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct ForwardingTests {
    private func copy(
        _ properties: MessageProperties, body: [UInt8] = [], extra: [(name: String, value: FieldValue)] = []
    ) -> OutgoingMessage {
        Forwarding.copy(
            of: Samples.intake(body, properties: properties), exchange: "commerce.retry", routingKey: "q", extra: extra)
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
