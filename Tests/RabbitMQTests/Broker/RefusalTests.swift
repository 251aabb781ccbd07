import RabbitMQ
import Testing

@Suite("What a broker refuses", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct RefusalTests {
    private func place() throws -> String { try BrokerURL(try #require(TestBroker.url)).place }

    private func startError(_ url: String, queue: String = "none") async throws -> BrokerError? {
        let consumer = try Consumer(configuration: try TestBroker.configuration(urls: [url]), queue: queue, prefetch: 1)
        defer { Task { await consumer.close() } }
        do throws(BrokerError) {
            try await consumer.start()
            return nil
        } catch { return error }
    }

    @Test("a wrong password, a missing virtual host and a missing queue are told at the start")
    func start() async throws {
        let place = try place()
        #expect(try await startError("amqp://guest:wrong@\(place)") == .loginRefused)
        #expect(try await startError("amqp://\(place)/nowhere") == .vhostMissing)
        let missing = try await startError("amqp://\(place)", queue: "no.such.queue")
        #expect(missing == .notFound("no queue 'no.such.queue' in vhost '/'"))
    }

    @Test("a host where nothing listens is unreachable, and so is one that never answers")
    func unreachable() async throws {
        let admin = try BrokerAdmin(configuration: try TestBroker.configuration(urls: ["amqp://127.0.0.1:1"]))
        let refused = await #expect(throws: BrokerError.self) { try await admin.connect() }
        #expect(refused?.code == "broker.unreachable")
        let unknown = try BrokerAdmin(
            configuration: try TestBroker.configuration(urls: ["amqp://no-such-host.invalid"]))
        let resolved = await #expect(throws: BrokerError.self) { try await unknown.connect() }
        #expect(resolved?.code == "broker.unreachable")
        let relay = try Relay(to: UInt16(try BrokerURL(try #require(TestBroker.url)).port))
        relay.silence(true)
        let silent = try BrokerAdmin(
            configuration: try TestBroker.configuration(urls: [relay.url], connectTimeout: .milliseconds(300)))
        let start = ContinuousClock.now
        let mute = await #expect(throws: BrokerError.self) { try await silent.connect() }
        #expect(mute?.code == "broker.unreachable")
        #expect(start.duration(to: .now) < .seconds(5))
        relay.stop()
    }

    @Test("what no queue wants is returned, among others that are confirmed")
    func unroutable() async throws {
        try await TestBroker.withQueue { queue, _ in
            let publisher = try Publisher(configuration: try TestBroker.configuration())
            try await publisher.start()
            var messages = (0..<50).map { TestBroker.message(to: queue, "\($0)") }
            for index in stride(from: 3, to: 50, by: 7) { messages[index].routingKey = "nobody" }
            let outcomes = await publisher.publish(messages)
            for (index, outcome) in outcomes.enumerated() {
                let expected: PublishOutcome = index % 7 == 3 ? .returned(code: 312, text: "NO_ROUTE") : .confirmed
                #expect(outcome == expected)
            }
            await publisher.close()
        }
    }

    @Test("a missing exchange costs only its own message, and the publisher works on")
    func missingExchange() async throws {
        try await TestBroker.withQueue { queue, _ in
            let log = EventLog()
            let publisher = try Publisher(configuration: try TestBroker.configuration(), onEvent: log.note)
            try await publisher.start()
            let lone = await publisher.publish([OutgoingMessage(exchange: "no.such", routingKey: "k", body: [1])])
            #expect(lone == [.notSent(.notFound("no exchange 'no.such' in vhost '/'"))])
            var messages = (0..<20).map { TestBroker.message(to: queue, "\($0)") }
            messages[0].exchange = "no.such"
            let outcomes = await publisher.publish(messages)
            #expect(outcomes.first == .notSent(.notFound("no exchange 'no.such' in vhost '/'")))
            #expect(outcomes.dropFirst().allSatisfy { $0 == .confirmed })
            #expect(log.all.filter(EventLog.isLost).isEmpty)
            await publisher.close()
        }
    }

    @Test("a message that the broker refuses for an unclear reason is found by sending one at a time")
    func unclearRefusal() async throws {
        try await TestBroker.withQueue { queue, _ in
            let publisher = try Publisher(configuration: try TestBroker.configuration())
            try await publisher.start()
            var pending = (0..<10).map { TestBroker.message(to: queue, "\($0)") }
            pending[4].properties.userID = "somebody-else"
            var refused: [OutgoingMessage] = []
            for _ in 0..<3 where !pending.isEmpty {
                let outcomes = await publisher.publish(pending)
                refused += zip(pending, outcomes).filter { if case .notSent = $0.1 { true } else { false } }.map(\.0)
                pending = zip(pending, outcomes).filter { if case .unknown = $0.1 { true } else { false } }.map(\.0)
            }
            #expect(pending.isEmpty)
            #expect(refused.map { String(decoding: $0.body, as: UTF8.self) } == ["4"])
            await publisher.close()
        }
    }

    @Test("a full queue refuses with a nack")
    func full() async throws {
        try await TestBroker.withQueue(arguments: ["x-max-length": 2, "x-overflow": "reject-publish"]) { queue, _ in
            let publisher = try Publisher(configuration: try TestBroker.configuration(), window: 1)
            try await publisher.start()
            var outcomes: [PublishOutcome] = []
            for index in 0..<10 { outcomes += await publisher.publish([TestBroker.message(to: queue, "\(index)")]) }
            #expect(outcomes.first == .confirmed)
            #expect(outcomes.last == .nacked)
            await publisher.close()
        }
    }

    @Test("a queue deleted under its consumer is told, and consumed again once it is back")
    func deletedQueue() async throws {
        try await TestBroker.withQueue { queue, admin in
            let log = EventLog()
            let consumer = try Consumer(
                configuration: try TestBroker.configuration(), queue: queue, prefetch: 5, onEvent: log.note)
            try await consumer.start()
            try await admin.delete(queue: queue)
            await log.wait { $0 == .consumerCancelled }
            await log.wait { event in
                if case .lost(.notFound, _) = event { true } else { false }
            }
            let before = log.all.count
            try await admin.declare(.quorum(queue))
            try await admin.bind(Topology.Binding(exchange: queue, queue: queue, routingKey: queue))
            await log.wait(skipping: before, for: EventLog.isConnected)
            try await TestBroker.publish(["back"], to: queue)
            #expect(await consumer.take(1).map(\.text) == ["back"])
            await consumer.close()
        }
    }

    @Test("a queue with other arguments is refused, and the tool works on")
    func drift() async throws {
        try await TestBroker.withQueue { queue, admin in
            let error = await #expect(throws: BrokerError.self) {
                try await admin.declare(.quorum(queue, arguments: ["x-delivery-limit": 3]))
            }
            #expect(error?.code == "broker.precondition-failed")
            #expect(try await admin.status(ofQueue: queue)?.consumerCount == 0)
            #expect(try await admin.status(ofQueue: "no.such.queue") == nil)
            let hasExchanges = [try await admin.hasExchange(queue), try await admin.hasExchange("no.such.exchange")]
            #expect(hasExchanges == [true, false])
            let version = try await admin.connect()
            #expect(version >= ServerVersion(major: 3, minor: 8, patch: 0))
        }
    }

    @Test("headers that AMQP cannot carry are refused before they harm the connection")
    func hugeHeaders() async throws {
        try await TestBroker.withQueue { queue, _ in
            let publisher = try Publisher(configuration: try TestBroker.configuration())
            try await publisher.start()
            let huge = MessageProperties(headers: ["error": .string(String(repeating: "x", count: 140_000))])
            let large = MessageProperties(headers: ["error": .string(String(repeating: "x", count: 120_000))])
            let outcomes = await publisher.publish([
                TestBroker.message(to: queue, "huge", properties: huge),
                TestBroker.message(to: queue, "large", properties: large),
            ])
            guard case .notSent(.preconditionFailed) = outcomes[0] else {
                Issue.record("unexpected outcome \(outcomes[0])")
                return
            }
            #expect(outcomes[1] == .confirmed)
            await publisher.close()
        }
    }
}
