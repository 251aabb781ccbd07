import RabbitMQ
import Testing

@Suite("Recovery on a real broker", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct RecoveryTests {
    private func relay() throws -> Relay {
        let url = try BrokerURL(try #require(TestBroker.url))
        return try Relay(to: UInt16(url.port))
    }

    @Test("after a broken connection what was not settled comes again, and late settlements are never sent")
    func cutConsumer() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish(["a", "b", "c"], to: queue)
            let relay = try relay()
            let log = EventLog()
            let consumer = try Consumer(
                configuration: try TestBroker.configuration(urls: [relay.url]), queue: queue, prefetch: 10,
                onEvent: log.note)
            try await consumer.start()
            let first = await consumer.take(3)
            await consumer.settle([.ack(first[0].tag)])
            // The ack and the cut take different ways; this round trip orders them.
            await consumer.pause()
            await consumer.resume()
            let before = log.all.count
            relay.cut()
            await log.wait(skipping: before, for: EventLog.isConnected)
            await consumer.settle([.ack(first[1].tag), .ack(first[2].tag)])
            #expect(await consumer.droppedSettlements.stale == 2)
            let second = await consumer.take(2)
            #expect(second.map(\.text) == ["b", "c"])
            #expect(second.allSatisfy { $0.redelivered && $0.tag.epoch > first[0].tag.epoch })
            await consumer.settle(second.map { .ack($0.tag) } + second.map { .ack($0.tag) })
            #expect(await consumer.droppedSettlements.repeated == 2)
            await consumer.close()
            #expect(try await admin.status(ofQueue: queue)?.messageCount == 0)
            relay.stop()
        }
    }

    @Test("a publisher whose connection breaks says unknown or confirms, and what is confirmed is there")
    func cutPublisher() async throws {
        try await TestBroker.withQueue { queue, admin in
            let relay = try relay()
            let publisher = try Publisher(configuration: try TestBroker.configuration(urls: [relay.url]))
            try await publisher.start()
            var confirmed: Set<String> = []
            var unknown = 0
            for round in 0..<20 {
                async let outcomes = publisher.publish(
                    (0..<200).map { TestBroker.message(to: queue, "\(round).\($0)") })
                if round % 3 == 0 { relay.cut() }
                for (index, outcome) in await outcomes.enumerated() {
                    switch outcome {
                    case .confirmed: confirmed.insert("\(round).\(index)")
                    case .unknown: unknown += 1
                    default: Issue.record("unexpected outcome \(outcome)")
                    }
                }
            }
            await publisher.close()
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 500)
            try await consumer.start()
            var seen: Set<String> = []
            while !seen.isSuperset(of: confirmed), let batch = await consumer.nextBatch() {
                for delivery in batch.deliveries { seen.insert(delivery.text) }
                await consumer.settle(batch.deliveries.map { .ack($0.tag) })
            }
            await consumer.close()
            #expect(confirmed.count + unknown == 4000)
            relay.stop()
        }
    }

    @Test("a publisher that is told that the broker is there again does not wait for the end of its pause")
    func hurry() async throws {
        try await TestBroker.withQueue { queue, _ in
            let relay = try relay()
            let log = EventLog()
            let patient = Backoff(initial: .seconds(600), maximum: .seconds(600))
            let publisher = try Publisher(
                configuration: try TestBroker.configuration(urls: [relay.url], backoff: patient), onEvent: log.note)
            try await publisher.start()
            relay.cut()
            await log.wait(for: EventLog.isLost)
            await publisher.hurry()
            let outcomes = await publisher.publish([TestBroker.message(to: queue, "soon")], timeout: .seconds(30))
            #expect(outcomes == [.confirmed])
            await publisher.close()
            relay.stop()
        }
    }

    @Test("a silent network is noticed two heartbeats after the last sign, and not much before")
    func blackHole() async throws {
        try await TestBroker.withQueue { queue, _ in
            let relay = try relay()
            let log = EventLog()
            let consumer = try Consumer(
                configuration: try TestBroker.configuration(urls: [relay.url], heartbeat: .seconds(4)), queue: queue,
                prefetch: 1, onEvent: log.note)
            try await consumer.start()
            let before = log.all.count
            let start = ContinuousClock.now
            relay.silence(true)
            await log.wait(skipping: before, for: EventLog.isLost)
            // The broker's last sign, the answer to the subscription, came just before.
            let heartbeats = start.duration(to: .now) / .seconds(4)
            #expect((1.4...2.4).contains(heartbeats), "\(heartbeats) heartbeats")
            relay.silence(false)
            await log.wait(skipping: before, for: EventLog.isConnected)
            await consumer.close()
            relay.stop()
        }
    }

    @Test("heartbeats keep an idle connection alive")
    func idle() async throws {
        try await TestBroker.withQueue { queue, _ in
            let log = EventLog()
            let consumer = try Consumer(
                configuration: try TestBroker.configuration(heartbeat: .seconds(1)), queue: queue, prefetch: 1,
                onEvent: log.note)
            try await consumer.start()
            let witness = try Publisher(configuration: try TestBroker.configuration(heartbeat: .seconds(1)))
            try await witness.start()
            // Idle for several heartbeats: the outcome of a publish that must wait for its time-out marks the time.
            let silent = try Publisher(configuration: try TestBroker.configuration(urls: ["amqp://127.0.0.1:1"]))
            let outcomes = await silent.publish([TestBroker.message(to: queue, "never")], timeout: .seconds(4))
            #expect(outcomes == [.notSent(.timedOut(operation: "publish: there is no connection to the broker"))])
            #expect(await witness.publish([TestBroker.message(to: queue, "still there")]) == [.confirmed])
            #expect(await consumer.take(1).map(\.text) == ["still there"])
            #expect(log.all.count == 1)
            await witness.close()
            await consumer.close()
            await silent.close()
        }
    }

    @Test("with several hosts the next one is used when the first is down, and when it goes down")
    func failover() async throws {
        try await TestBroker.withQueue { queue, _ in
            let (first, second) = (try relay(), try relay())
            let log = EventLog()
            let configuration = try TestBroker.configuration(urls: ["amqp://127.0.0.1:1", first.url, second.url])
            let consumer = try Consumer(configuration: configuration, queue: queue, prefetch: 5, onEvent: log.note)
            try await consumer.start()
            #expect(log.all.first.map(EventLog.isConnected) == true)
            first.stop()
            await log.wait { event in
                if case .connected(_, let host) = event { host == "127.0.0.1:\(second.port)" } else { false }
            }
            try await TestBroker.publish(["x"], to: queue)
            #expect(await consumer.take(1).map(\.text) == ["x"])
            await consumer.close()
            second.stop()
        }
    }

    @Test("start waits for an absent broker and ends when it comes, or when it is stopped")
    func absentBroker() async throws {
        try await TestBroker.withQueue { queue, _ in
            let relay = try relay()
            relay.refuse(true)
            let log = EventLog()
            let configuration = try TestBroker.configuration(urls: [relay.url])
            let consumer = try Consumer(configuration: configuration, queue: queue, prefetch: 5, onEvent: log.note)
            async let started: Void = consumer.start()
            await log.wait(for: EventLog.isLost)
            relay.refuse(false)
            try await started
            await consumer.close()

            relay.refuse(true)
            let other = try Publisher(configuration: configuration)
            let stopped = Task { try await other.start() }
            await Task.yield()
            await other.close()
            await #expect(throws: BrokerError.stopped) { try await stopped.value }
            relay.stop()
        }
    }
}
