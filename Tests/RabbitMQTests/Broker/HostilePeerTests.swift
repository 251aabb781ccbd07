import Foundation
import RabbitMQ
import Testing

@Suite("Input that is made to do harm", .timeLimit(.minutes(1)))
struct HostilePeerTests {
    private func configuration(_ url: String) throws -> BrokerConfiguration {
        try TestBroker.configuration(urls: [url])
    }

    /// Near the largest frame: some 26,000 arrays, or 18,000 tables, one in the other.
    private static func nested(tables: Bool) -> [UInt8] {
        RawFrame.headers(RawFrame.nestedEntry(bytes: 130_000, tables: tables))
    }

    @Test(
        "headers nested as deep as a frame can hold are delivered, and read as deep as is sensible",
        arguments: [true, false])
    func nestedHeaders(tables: Bool) async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .method(.consume, let arguments) = event else { return false }
            let tag = FrameInput.twoTexts(arguments.dropFirst(2)).1
            send(RawFrame.method(.consumeOK, RawFrame.short(tag)))
            send(RawFrame.delivery(1, consumer: tag, properties: Self.nested(tables: tables), body: [7]))
            return true
        }
        let consumer = try Consumer(configuration: try configuration(fake.url), queue: "q", prefetch: 10)
        try await consumer.start()
        let delivery = try #require(await consumer.take(1).first)
        #expect(delivery.body.bytes == [7])
        var depth = 0
        var value = delivery.properties.headers["n"]
        while let inner = value {
            switch inner {
            case .array(let values): value = values.first
            case .table(let table): value = table["k"]
            default: value = nil
            }
            depth += 1
        }
        #expect(depth > 1 && depth <= FieldTable.maximumDepth + 2)
        await consumer.close()
        fake.stop()
    }

    @Test("a login full of nested tables is survived, too")
    func nestedGreeting() async throws {
        // Before the login is over a frame may have no more than 64 KiB.
        let greeting = RawFrame.nestedEntry(bytes: 60_000, tables: false)
        let fake = try FakeBroker(FakeBroker.Manners(serverProperties: greeting))
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        #expect(await publisher.publish([TestBroker.message(to: "q", "x")]) == [.confirmed])
        let admin = try BrokerAdmin(configuration: try configuration(fake.url))
        try await admin.connect()
        await admin.close()
        await publisher.close()
        fake.stop()
    }

    @Test(
        "a real broker passes such headers on, and the message can be handled like any other",
        .enabled(if: TestBroker.isThere))
    func nestedHeadersOverBroker() async throws {
        try await TestBroker.withQueue { queue, admin in
            let port = UInt16(try BrokerURL(try #require(TestBroker.url)).port)
            let isTaken = try await RawPublisher.publish(
                to: port, exchange: queue, routingKey: queue, properties: Self.nested(tables: false), body: [1, 2])
            #expect(isTaken, "a broker that refuses it protects everybody, and this test is no longer needed")
            let consumer = try Consumer(configuration: try TestBroker.configuration(), queue: queue, prefetch: 10)
            try await consumer.start()
            let delivery = try #require(await consumer.take(1).first)
            #expect(delivery.body.bytes == [1, 2])
            #expect(delivery.properties.headers.entries.map(\.name) == ["n"])
            await consumer.settle([.ack(delivery.tag)])
            await consumer.close()
            #expect(try await admin.status(ofQueue: queue)?.messageCount == 0)
        }
    }

    @Test(
        "after bytes that are no frame nothing more is read or written, not even a good-bye", arguments: [true, false])
    func oversizedFrame(consuming: Bool) async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .method(let id, _) = event, id == (consuming ? .consume : .confirmSelect) else { return false }
            // A size far above what was agreed on, and more bytes than librabbitmq has room for.
            send([1, 0, 1] + RawFrame.big(UInt32(100 << 20)))
            send([UInt8](repeating: 0x41, count: 4 << 20))
            return true
        }
        let log = EventLog()
        let publisher = try Publisher(configuration: try configuration(fake.url), onEvent: log.note)
        let consumer = try Consumer(
            configuration: try configuration(fake.url), queue: "q", prefetch: 1, onEvent: log.note)
        let starting = Task { if consuming { try await consumer.start() } else { try await publisher.start() } }
        await log.wait(for: EventLog.isLost)
        await fake.log.wait { $0 == .ended }
        #expect(!fake.log.all.contains { if case .method(.close, _) = $0 { true } else { false } })
        await publisher.close()
        await consumer.close()
        _ = await starting.result
        fake.stop()
    }

    @Test("frames of a channel that was never opened end the connection")
    func strangeChannel() async throws {
        let fake = try FakeBroker { event, _, send in
            guard case .message = event else { return false }
            send(RawFrame.method(.ack, channel: 2, RawFrame.big(UInt64(1)) + [0]))
            return true
        }
        let publisher = try Publisher(configuration: try configuration(fake.url))
        try await publisher.start()
        let outcomes = await publisher.publish([TestBroker.message(to: "q", "x")])
        guard case .unknown = outcomes[0] else {
            Issue.record("unexpected outcome \(outcomes[0])")
            return
        }
        await publisher.close()
        fake.stop()
    }

    @Test("messages without a body do not pile up in the library's memory")
    func emptyBodies() async throws {
        let properties = RawFrame.headers(
            RawFrame.short("h") + [UInt8(ascii: "S")] + RawFrame.long([UInt8](repeating: 0x41, count: 60_000)))
        let rounds = 80
        let fake = try FakeBroker { event, _, send in
            func round(_ number: Int, _ consumer: String) {
                var bytes: [UInt8] = []
                for tag in (number * 100 + 1)...(number * 100 + 100) {
                    bytes += RawFrame.delivery(UInt64(tag), consumer: consumer, properties: properties, body: [])
                }
                send(bytes)
            }
            switch event {
            case .method(.consume, let arguments):
                let tag = FrameInput.twoTexts(arguments.dropFirst(2)).1
                send(RawFrame.method(.consumeOK, RawFrame.short(tag)))
                round(0, tag)
            case .method(.ack, let arguments):
                let tag = Int(FrameInput.number(arguments[..<8]))
                if tag.isMultiple(of: 100), tag < rounds * 100 { round(tag / 100, "t") }
            default: return false
            }
            return true
        }
        let consumer = try Consumer(configuration: try configuration(fake.url), queue: "q", prefetch: 100)
        try await consumer.start()
        let before = residentBytes()
        var count = 0
        while count < rounds * 100, let batch = await consumer.nextBatch() {
            count += batch.deliveries.count
            await consumer.settle(batch.deliveries.map { .ack($0.tag) })
        }
        // 480 MB went through; what other tests hold at the same time is far less than half of it.
        #expect(residentBytes() - before < 240 << 20)
        await consumer.close()
        fake.stop()
    }

    private func residentBytes() -> Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (fields.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * 4096
    }
}
