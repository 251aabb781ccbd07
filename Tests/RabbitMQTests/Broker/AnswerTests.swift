import Synchronization
import Testing

@testable import RabbitMQ

@Suite("Answers that are late, odd or missing", .timeLimit(.minutes(1)))
struct AnswerTests {
    private func configuration(_ url: String, heartbeat: Duration = .seconds(20)) throws -> BrokerConfiguration {
        try TestBroker.configuration(urls: [url], heartbeat: heartbeat)
    }

    private static func returned(_ exchange: String, _ key: String, properties: [UInt8], body: [UInt8]) -> [UInt8] {
        RawFrame.method(
            .returned,
            RawFrame.big(UInt16(312)) + RawFrame.short("NO_ROUTE") + RawFrame.short(exchange) + RawFrame.short(key))
            + RawFrame.content(properties: properties, body: body)
    }

    private static func wire(_ properties: MessageProperties) -> [UInt8] {
        var writer = WireWriter()
        try? properties.write(to: &writer)
        return writer.bytes
    }

    @Test("a returned message is known although the broker has put its headers into another order")
    func sortedHeaders() async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .message(let tag, let exchange, let key, let properties, let body) = event else { return false }
            if key == "nobody" {
                var decoded = properties.withUnsafeBytes { MessageProperties(wire: $0) }
                decoded.headers.entries.sort { $0.name < $1.name }
                send(Self.returned(exchange, key, properties: Self.wire(decoded), body: body))
            }
            send(RawFrame.ack(tag))
            return true
        }
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        let messages = (0..<6).map { index in
            OutgoingMessage(
                exchange: "e", routingKey: index.isMultiple(of: 2) ? "nobody" : "k",
                properties: MessageProperties(headers: ["z": 1, "a": 2], messageID: "\(index)"), body: [1])
        }
        let outcomes = await publisher.publish(messages)
        for (index, outcome) in outcomes.enumerated() {
            #expect(outcome == (index.isMultiple(of: 2) ? .returned(code: 312, text: "NO_ROUTE") : .confirmed))
        }
        await publisher.close()
        fake.stop()
    }

    @Test("of two messages that go the same way the one with the body and the id that came back counts as returned")
    func twins() async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .message(let tag, let exchange, let key, let properties, let body) = event else { return false }
            if tag == 2 {
                send(Self.returned(exchange, key, properties: properties, body: body))
                send(RawFrame.method(.ack, RawFrame.big(tag) + [1]))
            }
            return true
        }
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        let outcomes = await publisher.publish(
            ["first", "second"].map { id in
                TestBroker.message(to: "k", "same", properties: MessageProperties(messageID: id))
            })
        #expect(outcomes == [.confirmed, .returned(code: 312, text: "NO_ROUTE")])
        await publisher.close()
        fake.stop()
    }

    @Test("a return that belongs to no message leaves all that are open unknown, and none confirmed")
    func strangeReturn() async throws {
        let fake = try FakeBroker { event, connection, send in
            guard case .message(let tag, _, _, let properties, let body) = event, connection == 1 else { return false }
            send(Self.returned("elsewhere", "k", properties: properties, body: body))
            send(RawFrame.ack(tag))
            return true
        }
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        let outcomes = await publisher.publish([TestBroker.message(to: "q", "x")])
        guard case .unknown(let reason) = outcomes[0] else {
            Issue.record("unexpected outcome \(outcomes[0])")
            return
        }
        #expect(reason.contains("matches no message"))
        #expect(await publisher.publish([TestBroker.message(to: "q", "x")]) == [.confirmed])
        await publisher.close()
        fake.stop()
    }

    @Test("messages that are never answered become unknown, and a fresh connection frees the window")
    func neverAnswered() async throws {
        let fake = try FakeBroker { event, connection, _ in
            if case .message = event { connection == 1 } else { false }
        }
        let log = EventLog()
        let publisher = try Publisher(configuration: try configuration(fake.url), window: 1, onEvent: log.note)
        try await publisher.start()
        let message = TestBroker.message(to: "q", "x")
        let lost = await publisher.publish([message], timeout: .milliseconds(300))
        #expect(lost == [.unknown(reason: "no confirm came in time")])
        await log.wait { event in
            if case .lost(.timedOut, _) = event { true } else { false }
        }
        #expect(await publisher.publish([message]) == [.confirmed])
        await publisher.close()
        fake.stop()
    }

    @Test("during an alarm messages wait, and go out when it is over")
    func alarm() async throws {
        let fake = try FakeBroker()
        let log = EventLog()
        let publisher = try Publisher(configuration: try configuration(fake.url), onEvent: log.note)
        try await publisher.start()
        fake.send(RawFrame.method(.blocked, channel: 0, RawFrame.short("low on memory")))
        await log.wait { $0 == .blocked(reason: "low on memory") }
        let message = TestBroker.message(to: "q", "x")
        let tooLate = await publisher.publish([message], timeout: .milliseconds(100))
        #expect(tooLate == [.notSent(.timedOut(operation: "publish: the broker is blocked by an alarm"))])
        async let waiting = publisher.publish([message])
        fake.send(RawFrame.method(.unblocked, channel: 0))
        #expect(await waiting == [.confirmed])
        await log.wait { $0 == .unblocked }
        await publisher.close()
        fake.stop()
    }

    @Test("messages whose time is over do not stay in memory while there is no broker")
    func outage() async throws {
        let publisher = try Publisher(configuration: try configuration("amqp://127.0.0.1:1"))
        let messages = (0..<100).map { TestBroker.message(to: "q", "\($0)") }
        let outcomes = await publisher.publish(messages, timeout: .milliseconds(50))
        #expect(outcomes.allSatisfy { $0 != .confirmed })
        #expect(await publisher.backlog == 0)
        await publisher.close()
    }

    @Test("the heartbeat that the broker asks for counts, not the longer one of the settings")
    func shorterHeartbeat() async throws {
        let fake = try FakeBroker(FakeBroker.Manners(heartbeat: 1))
        let log = EventLog()
        let consumer = try Consumer(
            configuration: try configuration(fake.url, heartbeat: .seconds(600)), queue: "q", prefetch: 1,
            onEvent: log.note)
        try await consumer.start()
        // The fake one never sends a heartbeat; ours must come, and its silence must be noticed.
        await fake.log.wait { $0 == .heartbeat }
        await log.wait { event in
            if case .lost(.connectionLost(let text), _) = event { text.contains("1.0 seconds") } else { false }
        }
        await consumer.close()
        fake.stop()
    }

    @Test("properties that do not fit the smaller frames of a broker are refused, alone")
    func smallFrames() async throws {
        let fake = try FakeBroker(FakeBroker.Manners(frameMax: 4096))
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        let large = MessageProperties(headers: ["h": .string(String(repeating: "x", count: 10_000))])
        let outcomes = await publisher.publish([
            TestBroker.message(to: "q", "large", properties: large), TestBroker.message(to: "q", "small"),
        ])
        guard case .notSent(.preconditionFailed) = outcomes[0] else {
            Issue.record("unexpected outcome \(outcomes[0])")
            return
        }
        #expect(outcomes[1] == .confirmed)
        await publisher.close()
        fake.stop()
    }

    @Test("a broker that does not offer our way to log in is told apart from one that is away")
    func mechanisms() async throws {
        let fake = try FakeBroker(FakeBroker.Manners(mechanisms: "EXTERNAL"))
        let admin = try BrokerAdmin(configuration: try configuration(fake.url))
        await #expect(throws: BrokerError.accessRefused("the broker does not offer SASL PLAIN")) {
            try await admin.connect()
        }
        fake.stop()
    }

    @Test("a user who may not compare the queue consumes all the same after a lost connection")
    func barredComparison() async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .method(.queueDeclare, let arguments) = event else { return false }
            let name = FrameInput.twoTexts(arguments.dropFirst(2)).0
            let isPassive = arguments[3 + name.utf8.count] & 1 != 0
            guard !isPassive else { return false }
            let text = "ACCESS_REFUSED - configure access to queue '\(name)' in vhost '/' refused for user 'u'"
            send(RawFrame.method(.channelClose, RawFrame.big(UInt16(403)) + RawFrame.short(text) + [0, 50, 0, 10]))
            return true
        }
        let log = EventLog()
        let consumer = try Consumer(
            configuration: try configuration(fake.url), queue: "q", prefetch: 1, topology: [.queue(.quorum("q"))],
            onEvent: log.note)
        try await consumer.start()
        let before = log.all.count
        fake.send(
            RawFrame.method(.close, channel: 0, RawFrame.big(UInt16(320)) + RawFrame.short("bye") + [0, 0, 0, 0]))
        await log.wait(skipping: before, for: EventLog.isConnected)
        let declares = fake.log.all.filter { if case .method(.queueDeclare, _) = $0 { true } else { false } }
        #expect(declares.count == 2)
        #expect(fake.log.all.contains(.method(.channelCloseOK, [])))
        await consumer.close()
        fake.stop()
    }
}
