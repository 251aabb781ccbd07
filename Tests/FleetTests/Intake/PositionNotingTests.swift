import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite("How far the workers have come")
struct PositionNotingTests {
    @Test("the newest message taken is noted with its own time, and what came back is not")
    func noted() async throws {
        try await withLedger { ledger in
            try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
            let feed = DeliveryFeed()
            let noting = PositionNoting(feed, queue: "q", ledger: ledger, solitude: Solitude())
            let time = try Samples.message().envelope.time.microseconds
            let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
            // Noted, it would hide the other one's time for a second.
            await feed.feed([Samples.delivery(try Samples.orderBody("returned"), redelivered: true)])
            #expect(await noting.nextBatch()?.deliveries.count == 1)
            await feed.feed([Samples.delivery(Array(example.text.utf8)), Samples.delivery([], redelivered: true)])
            #expect(await noting.nextBatch()?.deliveries.count == 2)
            try await eventually("the note") {
                try await ledger.read { try FlowPosition.all($0) }.first?.messageTime == time
            }
            await noting.settle([.ack(DeliveryTag(epoch: 1, value: 1))])
            await noting.pause()
            #expect(await feed.settlements.count == 1)
            #expect(await feed.pauses == 1)
        }
    }

    @Test("a message that cannot be read, and a ledger without the table, hold nothing up")
    func unreadable() async throws {
        try await withLedger { ledger in
            let positions = try await ledger.read { try FlowPosition.all($0) }
            #expect(positions.isEmpty)
            let feed = DeliveryFeed()
            let noting = PositionNoting(feed, queue: "q", ledger: ledger, solitude: Solitude())
            await feed.feed([Samples.delivery(Array("{".utf8))])
            #expect(await noting.nextBatch()?.deliveries.count == 1)
            await feed.stop()
            #expect(await noting.nextBatch() == nil)
        }
    }
}
