import RabbitMQ
import Testing

@Suite("Questions and answers over a real broker", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct RequesterTests {
    private static func requester() async throws -> Requester {
        let requester = try Requester(configuration: try TestBroker.configuration())
        try await requester.start()
        return requester
    }

    /// Answers every question of a queue with its own text, the other way round when `backwards`, until it is stopped.
    private static func answer(_ queue: String, count: Int, backwards: Bool = false) async throws {
        let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 100)
        let publisher = try Publisher(configuration: try TestBroker.configuration())
        try await consumer.start()
        try await publisher.start()
        var questions: [Delivery] = []
        while questions.count < count, let batch = await consumer.nextBatch() { questions += batch.deliveries }
        for question in backwards ? questions.reversed() : questions {
            let properties = question.properties
            let reply = OutgoingMessage(
                exchange: "", routingKey: try #require(properties.replyTo),
                properties: MessageProperties(correlationID: properties.correlationID), body: question.body.bytes)
            _ = await publisher.publish([reply])
        }
        await consumer.settle(questions.map { .ack($0.tag) })
        await consumer.close()
        await publisher.close()
    }

    private static func text(_ outcome: AskOutcome) -> String {
        switch outcome {
        case .answered(let delivery): String(decoding: delivery.body.bytes, as: UTF8.self)
        case .returned(let code, _): "returned \(code)"
        case .refused: "refused"
        case .unanswered: "unanswered"
        case .failed(let error): error.code
        }
    }

    @Test("each question gets its own answer, in whatever order they come")
    func pairs() async throws {
        try await TestBroker.withQueue { queue, _ in
            let requester = try await Self.requester()
            async let answering: Void = Self.answer(queue, count: 20, backwards: true)
            let answers = await withTaskGroup(of: (Int, String).self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let message = TestBroker.message(to: queue, "\(number)")
                        return (number, Self.text(await requester.ask(message, within: .seconds(20))))
                    }
                }
                return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
            }
            try await answering
            let expected = Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, "\($0)") })
            #expect(answers == expected)
            await requester.close()
        }
    }

    @Test("a question says how long its asker waits, and is over then")
    func patience() async throws {
        try await TestBroker.withQueue { queue, admin in
            let requester = try await Self.requester()
            let start = ContinuousClock.now
            let outcome = await requester.ask(TestBroker.message(to: queue, "?"), within: .milliseconds(300))
            #expect(Self.text(outcome) == "unanswered")
            #expect(start.duration(to: .now) >= .milliseconds(300))
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 1)
            try await consumer.start()
            // What has expired is not handed out any more, so a question that has not follows.
            async let other = requester.ask(TestBroker.message(to: queue, "!"), within: .seconds(20))
            let delivery = try #require(await consumer.nextBatch()?.deliveries.first)
            #expect(String(decoding: delivery.body.bytes, as: UTF8.self) == "!")
            let patience = try #require(Int64(delivery.properties.expiration ?? ""))
            #expect((1...20_000).contains(patience))
            await requester.close()
            let ending = Self.text(await other)
            #expect(ending == BrokerError.stopped.code)
            await consumer.close()
            _ = admin
        }
    }

    @Test("a question that no queue takes comes back at once")
    func unrouted() async throws {
        try await TestBroker.withQueue { queue, _ in
            let requester = try await Self.requester()
            let message = OutgoingMessage(exchange: queue, routingKey: "nowhere", body: [])
            let outcome = Self.text(await requester.ask(message, within: .seconds(20)))
            #expect(outcome == "returned 312")
            await requester.close()
        }
    }

    @Test("a full queue refuses a question at once")
    func full() async throws {
        let arguments: FieldTable = ["x-max-length": 0, "x-overflow": "reject-publish"]
        let admin = try BrokerAdmin(configuration: try TestBroker.configuration())
        let name = TestBroker.uniqueName()
        try await admin.declare(.classic(name, arguments: arguments))
        let requester = try await Self.requester()
        let message = OutgoingMessage(exchange: "", routingKey: name, body: [])
        let outcome = Self.text(await requester.ask(message, within: .seconds(20)))
        try await admin.delete(queue: name)
        #expect(outcome == "refused")
        await requester.close()
        await admin.close()
    }

    @Test("two open questions cannot have one name")
    func twice() async throws {
        try await TestBroker.withQueue { queue, _ in
            let requester = try await Self.requester()
            let properties = MessageProperties(correlationID: "same")
            let message = TestBroker.message(to: queue, "?", properties: properties)
            async let first = requester.ask(message, within: .seconds(20))
            async let second = requester.ask(message, within: .seconds(20))
            try await Self.answer(queue, count: 1)
            let outcomes = [Self.text(await first), Self.text(await second)].sorted()
            #expect(outcomes == ["?", BrokerError.preconditionFailed("").code].sorted())
            await requester.close()
        }
    }
}
