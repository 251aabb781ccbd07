import RabbitMQ
import Testing

@Suite("A peer that sends nonsense", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(2)))
struct DamageTests {
    @Test("whatever bytes arrive, a call ends in time with an error or an answer", arguments: 0..<40)
    func damagedAnswers(seed: UInt64) async throws {
        try await TestBroker.withQueue { queue, _ in
            try await TestBroker.publish(["a", "b"], to: queue)
            let relay = try Relay(to: UInt16(try BrokerURL(try #require(TestBroker.url)).port))
            let configuration = try BrokerConfiguration(
                urls: [relay.url], connectTimeout: .milliseconds(800), operationTimeout: .milliseconds(300))
            let admin = try BrokerAdmin(configuration: configuration)
            // While the bytes are sound only a busy machine stands in the way.
            if seed % 2 == 0 { while (try? await admin.connect()) == nil {} }
            relay.damage(seed: seed)
            let start = ContinuousClock.now
            for _ in 0..<5 {
                _ = try? await admin.get(queue: queue)
                _ = try? await admin.status(ofQueue: queue)
            }
            #expect(start.duration(to: .now) < .seconds(30))
            await admin.close()
            relay.stop()
        }
    }

    @Test("a consumer and a publisher survive damaged bytes, and work on once the bytes are sound", arguments: 0..<10)
    func damagedFlow(seed: UInt64) async throws {
        try await TestBroker.withQueue { queue, _ in
            let (damaged, sound) = (
                try Relay(to: UInt16(try BrokerURL(try #require(TestBroker.url)).port)), try #require(TestBroker.url)
            )
            let configuration = try BrokerConfiguration(
                urls: [damaged.url, sound], heartbeat: .seconds(1), connectTimeout: .milliseconds(500),
                operationTimeout: .milliseconds(500),
                backoff: Backoff(initial: .milliseconds(10), maximum: .milliseconds(50)))
            let publisher = try Publisher(configuration: configuration)
            let consumer = try Consumer(configuration: configuration, queue: queue, prefetch: 10)
            try await publisher.start()
            try await consumer.start()
            damaged.damage(seed: seed)
            for _ in 0..<3 {
                _ = await publisher.publish(
                    (0..<20).map { TestBroker.message(to: queue, "\($0)") }, timeout: .seconds(1))
            }
            damaged.stop()
            let last = TestBroker.message(to: queue, "last")
            var outcome = await publisher.publish([last])
            while case .unknown = outcome[0] { outcome = await publisher.publish([last]) }
            #expect(outcome == [.confirmed])
            var isThere = false
            while !isThere, let batch = await consumer.nextBatch() {
                isThere = batch.deliveries.contains { $0.text == "last" }
                await consumer.settle(batch.deliveries.map { .ack($0.tag) })
            }
            await consumer.close()
            await publisher.close()
        }
    }
}
