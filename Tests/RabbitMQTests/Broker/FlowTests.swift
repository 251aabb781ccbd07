import RabbitMQ
import Testing

@Suite("Holding and ending the flow", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct FlowTests {
    @Test("prefetch bounds what is out; the rest follows as it is settled")
    func prefetch() async throws {
        try await TestBroker.withQueue { queue, _ in
            try await TestBroker.publish((0..<30).map { "\($0)" }, to: queue)
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 7)
            try await consumer.start()
            var order: [String] = []
            while order.count < 30, let batch = await consumer.nextBatch() {
                #expect(batch.deliveries.count <= 7)
                order += batch.deliveries.map(\.text)
                await consumer.settle(batch.deliveries.map { .ack($0.tag) })
            }
            #expect(order == (0..<30).map { "\($0)" })
            await consumer.close()
        }
    }

    @Test("a pause gives back what nobody has taken, and what was taken can still be settled")
    func pause() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish((0..<10).map { "\($0)" }, to: queue)
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 4)
            try await consumer.start()
            let taken = await consumer.take(4)
            await consumer.settle([.ack(taken[0].tag), .requeue(taken[1].tag)])
            await consumer.pause()
            #expect(await consumer.outstanding == 2)
            await consumer.settle(taken[2...].map { .ack($0.tag) })
            await consumer.resume()
            var rest: Set<String> = []
            while rest.count < 7, let batch = await consumer.nextBatch() {
                rest.formUnion(batch.deliveries.map(\.text))
                await consumer.settle(batch.deliveries.map { .ack($0.tag) })
            }
            #expect(rest == ["1", "4", "5", "6", "7", "8", "9"])
            await consumer.close()
        }
    }

    @Test("after stop there is no batch, but what was handed out can be settled until close")
    func stop() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish(["a", "b"], to: queue)
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 1)
            try await consumer.start()
            let taken = await consumer.take(1)
            async let waiting = consumer.nextBatch()
            await consumer.stop()
            #expect(await waiting == nil)
            #expect(await consumer.nextBatch() == nil)
            await consumer.settle(taken.map { .ack($0.tag) })
            await consumer.close()
            #expect(try await admin.get(queue: queue)?.text == "b")
        }
    }

    @Test("a cancelled task does not wait for a batch")
    func cancelled() async throws {
        try await TestBroker.withQueue { queue, _ in
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 1)
            try await consumer.start()
            let task = Task { await consumer.nextBatch() }
            task.cancel()
            #expect(await task.value == nil)
            try await TestBroker.publish(["later"], to: queue)
            #expect(await consumer.take(1).map(\.text) == ["later"])
            // Nor does it take what is there: nobody would handle it.
            try await TestBroker.publish(["x", "y"], to: queue)
            let late = Task {
                while !Task.isCancelled { await Task.yield() }
                return await consumer.nextBatch()
            }
            late.cancel()
            #expect(await late.value == nil)
            await consumer.close()
        }
    }

    @Test("one message can be looked at, put back, taken, and the queue emptied")
    func get() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish(["a", "b", "c"], to: queue)
            let first = try #require(try await admin.get(queue: queue))
            try await admin.settle([.requeue(first.tag)])
            let again = try #require(try await admin.get(queue: queue))
            try await admin.settle([.ack(again.tag)])
            #expect(try await admin.purge(queue: queue) == 2)
            #expect(try await admin.get(queue: queue) == nil)
        }
    }

    @Test("five hundred tasks publish one message each through one publisher")
    func crowd() async throws {
        try await TestBroker.withQueue { queue, admin in
            let publisher = try Publisher(configuration: try TestBroker.configuration(), window: 100)
            try await publisher.start()
            let confirmed = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        await publisher.publish([TestBroker.message(to: queue, "\(index)")]) == [.confirmed]
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(confirmed == 500)
            #expect(try await admin.status(ofQueue: queue)?.messageCount == 500)
            await publisher.close()
            #expect(await publisher.publish([TestBroker.message(to: queue, "x")]) == [.notSent(.stopped)])
        }
    }
}
