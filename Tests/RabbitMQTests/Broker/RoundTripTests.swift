import RabbitMQ
import Testing

@Suite("A round trip over a real broker", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct RoundTripTests {
    @Test("what is published with a confirm is delivered with all its properties, and is gone once it is acknowledged")
    func publishConsumeAck() async throws {
        try await TestBroker.withQueue { queue, admin in
            let headers: FieldTable = [
                "text": "größe", "count": 42, "flag": true, "nested": .table(["a": .array([1, "b", .void])]),
                "time": .timestamp(1_700_000_000), "price": .decimal(scale: 2, value: 1999),
            ]
            let properties = MessageProperties(
                contentType: "application/json", contentEncoding: "identity", headers: headers, deliveryMode: 2,
                correlationID: "c-1", replyTo: "r", messageID: "m-1", timestamp: 1_700_000_001, type: "t.v1",
                appID: "app")
            let publisher = try Publisher(configuration: try TestBroker.configuration())
            try await publisher.start()
            let outcomes = await publisher.publish([TestBroker.message(to: queue, "hello", properties: properties)])
            #expect(outcomes == [.confirmed])

            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 10)
            try await consumer.start()
            let batch = try #require(await consumer.nextBatch())
            let delivery = try #require(batch.deliveries.first)
            #expect(batch.deliveries.count == 1)
            #expect(delivery.text == "hello")
            #expect(delivery.routingKey == queue)
            #expect(delivery.exchange == queue)
            #expect(!delivery.redelivered)
            #expect(delivery.properties == properties)
            await consumer.settle([.ack(delivery.tag)])
            await consumer.close()
            #expect(try await admin.status(ofQueue: queue)?.messageCount == 0)
            await publisher.close()
        }
    }

    @Test("ten thousand messages arrive once each, whatever their sizes")
    func many() async throws {
        try await TestBroker.withQueue { queue, admin in
            let publisher = try Publisher(configuration: try TestBroker.configuration())
            try await publisher.start()
            let messages = (0..<10_000).map { index in
                OutgoingMessage(
                    exchange: queue, routingKey: queue, properties: MessageProperties(messageID: "\(index)"),
                    body: Array(
                        repeating: UInt8(truncatingIfNeeded: index), count: index % 50 == 0 ? 300_000 : index % 700))
            }
            let outcomes = await publisher.publish(messages)
            #expect(outcomes.allSatisfy { $0 == .confirmed })
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 300)
            try await consumer.start()
            var seen: Set<String> = []
            while seen.count < messages.count, let batch = await consumer.nextBatch() {
                for delivery in batch.deliveries {
                    let id = try #require(delivery.properties.messageID)
                    #expect(seen.insert(id).inserted)
                    let index = try #require(Int(id))
                    #expect(delivery.body.count == messages[index].body.count)
                    #expect(delivery.body.bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: index) })
                }
                await consumer.settle(batch.deliveries.map { .ack($0.tag) })
            }
            #expect(await consumer.outstanding == 0)
            await consumer.close()
            #expect(try await admin.status(ofQueue: queue)?.messageCount == 0)
            await publisher.close()
        }
    }
}
