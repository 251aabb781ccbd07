import RabbitMQ
import Testing

@Suite("What a connection relies on", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct ReliancesTests {
    private func relay() throws -> Relay { try Relay(to: UInt16(try BrokerURL(try #require(TestBroker.url)).port)) }

    @Test("a queue that was made anew in another shape is not consumed until it is right again")
    func anotherShape() async throws {
        try await TestBroker.withQueue { queue, admin in
            let relay = try relay()
            let log = EventLog()
            let consumer = try Consumer(
                configuration: try TestBroker.configuration(urls: [relay.url]), queue: queue, prefetch: 5,
                topology: [.exchange(queue), .queue(.quorum(queue))], onEvent: log.note)
            try await consumer.start()
            relay.refuse(true)
            relay.cut()
            await log.wait(for: EventLog.isLost)
            try await admin.delete(queue: queue)
            try await admin.declare(.quorum(queue, arguments: ["x-delivery-limit": 3]))
            relay.refuse(false)
            await log.wait { event in
                if case .lost(.preconditionFailed, _) = event { true } else { false }
            }
            let before = log.all.count
            try await admin.delete(queue: queue)
            try await admin.declare(.quorum(queue))
            try await admin.bind(Topology.Binding(exchange: queue, queue: queue, routingKey: queue))
            await log.wait(skipping: before, for: EventLog.isConnected)
            try await TestBroker.publish(["right"], to: queue)
            #expect(await consumer.take(1).map(\.text) == ["right"])
            await consumer.close()
            relay.stop()
        }
    }

    @Test("a publisher whose exchange is gone after an outage waits for it and says so")
    func missingExchange() async throws {
        try await TestBroker.withQueue { queue, admin in
            let relay = try relay()
            let log = EventLog()
            let publisher = try Publisher(
                configuration: try TestBroker.configuration(urls: [relay.url]), topology: [.exchange(queue)],
                onEvent: log.note)
            try await publisher.start()
            try await admin.delete(exchange: queue)
            relay.cut()
            await log.wait { event in
                if case .lost(.notFound, _) = event { true } else { false }
            }
            async let outcomes = publisher.publish([TestBroker.message(to: queue, "x")])
            try await admin.declare(Topology.Exchange(queue, kind: .direct))
            #expect(await outcomes == [.returned(code: 312, text: "NO_ROUTE")])
            await publisher.close()
            relay.stop()
        }
    }

    @Test("a message larger than is kept goes to the dead letters byte for byte, and its neighbours are delivered")
    func oversized() async throws {
        try await TestBroker.withQueue { dead, admin in
            let arguments: FieldTable = [
                "x-dead-letter-exchange": .string(dead), "x-dead-letter-routing-key": .string(dead),
                "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
            ]
            try await TestBroker.withQueue(arguments: arguments) { queue, _ in
                let large = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let publisher = try Publisher(configuration: try TestBroker.configuration())
                try await publisher.start()
                var messages = ["before", "", "after"].map { TestBroker.message(to: queue, $0) }
                messages[1].body = large
                #expect(await publisher.publish(messages) == [.confirmed, .confirmed, .confirmed])
                let log = EventLog()
                let consumer = try Consumer(
                    configuration: try TestBroker.configuration(), queue: queue, prefetch: 10, largestBody: 1 << 20,
                    onEvent: log.note)
                try await consumer.start()
                let taken = await consumer.take(2)
                #expect(taken.map(\.text) == ["before", "after"])
                await consumer.settle(taken.map { .ack($0.tag) })
                await log.wait { $0 == .refusedOversized(size: 2_000_000, limit: 1 << 20) }
                let letters = try Consumer(configuration: try TestBroker.configuration(), queue: dead, prefetch: 1)
                try await letters.start()
                #expect(await letters.take(1).first?.body.bytes == large)
                await letters.close()
                await consumer.close()
                await publisher.close()
            }
        }
    }

    @Test("what was taken over a connection that broke cannot be settled, and the caller is told")
    func brokenTool() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish(["a", "b"], to: queue)
            let relay = try relay()
            let tool = try BrokerAdmin(configuration: try TestBroker.configuration(urls: [relay.url]))
            let first = try #require(try await tool.get(queue: queue))
            try await tool.settle([.ack(first.tag)])
            // Settled already: a second acknowledgement would make the broker close the channel.
            try await tool.settle([.ack(first.tag)])
            let second = try #require(try await tool.get(queue: queue))
            relay.cut()
            let error = await #expect(throws: BrokerError.self) {
                while true { try await tool.settle([.ack(second.tag), .requeue(second.tag)]) }
            }
            #expect(error?.code == "broker.connection-lost")
            // The broker needs a moment to see that the old connection is gone.
            var again: Delivery?
            while again == nil { again = try await tool.get(queue: queue) }
            #expect(again?.text == "b")
            await #expect(throws: BrokerError.self) { try await tool.settle([.ack(second.tag)]) }
            try await tool.settle([.ack(try #require(again).tag)])
            await tool.close()
            relay.stop()
        }
    }
}
