import FleetTesting
import Glibc
import Models
import RabbitMQ
import Testing

@testable import Fleet
@testable import OutboxRelay

@Suite("What a relay must not pass over, and when it must stop", .timeLimit(.minutes(2)))
struct RelayGuardTests {
    private static func waitForAll(_ shop: ShopDatabase) async throws {
        try await eventually("all rows to be marked") { try await shop.sent() == shop.all() }
    }

    @Test("rows with the lowest ids that a table can have are published, in their order")
    func lowIDs() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write((1...4).map { try ShopOrders.order("W-1", revision: $0) })
            for (revision, id) in [(1, "-9223372036854775808"), (2, "-5"), (3, "0")] {
                try await shop.execute("UPDATE stevedore_outbox SET id = \(id) WHERE revision = \(revision)")
            }
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker) { _ in try await Self.waitForAll(shop) }
            #expect(broker.confirmed == ["W-1@1", "W-1@2", "W-1@3", "W-1@4"])
        }
    }

    private static func isHeld(_ pulse: RelayPulse) -> Bool { pulse.check.state == "paused" }

    @Test("a queue that is held is asked with them, too")
    func heldLowIDs() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write([try ShopOrders.order("W-1")])
            try await shop.execute("UPDATE stevedore_outbox SET id = -7")
            let broker = BrokerDouble()
            broker.answer("order.placed.v1", .nacked)
            try await RelayRunner.relaying(shop.path, to: broker) { pulse in
                try await eventually("the queue to be held") { Self.isHeld(pulse) }
                broker.answer("order.placed.v1", nil)
                try await Self.waitForAll(shop)
            }
            #expect(broker.confirmed == ["W-1@1"])
        }
    }

    /// How many messages of the subject were confirmed before the last one of all others.
    private static func before(_ confirmed: [String], _ subject: String) -> Int {
        let last = confirmed.lastIndex { !$0.hasPrefix(subject + "@") } ?? 0
        return own(Array(confirmed[..<last]), subject).count
    }

    private static func own(_ confirmed: [String], _ subject: String) -> [String] {
        confirmed.filter { $0.hasPrefix(subject + "@") }
    }

    @Test("a subject with many rows more than there is room for holds nobody up, and keeps its order")
    func crowd() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write((1...600).map { try ShopOrders.order("HOT", revision: $0) })
            try await shop.write((1...20).map { try ShopOrders.order("W-\($0)") })
            try await shop.write((601...620).map { try ShopOrders.order("HOT", revision: $0) })
            var limits = RelayLimits()
            (limits.rows, limits.mostOfOne, limits.inFlight, limits.batch) = (60, 4, 16, 4)
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker, limits: limits) { _ in
                try await Self.waitForAll(shop)
            }
            let (hot, expected) = (Self.own(broker.confirmed, "HOT"), (1...620).map { "HOT@\($0)" })
            #expect(hot == expected)
            let before = Self.before(broker.confirmed, "HOT")
            #expect(broker.confirmed.count == 640 && before < 200)
        }
    }

    @Test("one whose lock is deleted publishes nothing more, and ends with what to do")
    func lockLost() async throws {
        try await ShopDatabase.with { shop in
            let lock = try #require(try RelayLock.take(for: shop.path, holder: "relay@a:1"))
            let (broker, pulse) = (BrokerDouble(), RelayPulse())
            var settings = RelaySettings(database: shop.path)
            settings.interval = .milliseconds(10)
            let database = try await OutboxDatabase.open(shop.path)
            let run = RelayRun(
                database: database, road: broker.road, settings: settings, pulse: pulse, lock: lock,
                logger: RelayRunner.quiet)
            let running = Task { await RelayRunner.failure(of: run) }
            try await shop.write([try ShopOrders.order("W-1")])
            try await eventually("the first order") { broker.confirmed.count == 1 }
            #expect(unlink(shop.path + "-relay") == 0)
            try await shop.write([try ShopOrders.order("W-2")])
            let failure = await running.value
            pulse.stop()
            await database.close()
            #expect(failure?.code == "outbox.lock-lost" && failure?.exit == .failure)
            #expect(broker.confirmed == ["W-1@1"])
        }
    }
}
