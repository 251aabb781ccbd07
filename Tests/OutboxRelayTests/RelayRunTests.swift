import FleetTesting
import Models
import RabbitMQ
import Testing

@testable import Fleet
@testable import OutboxRelay

@Suite("Relaying an outbox", .timeLimit(.minutes(2)))
struct RelayRunTests {
    private static let orders = "order.placed.v1"

    /// Every later revision of a subject came only after the one before was confirmed.
    private static func areInOrder(_ steps: [BrokerDouble.Step], revisions: Int, of subjects: [String]) -> Bool {
        subjects.allSatisfy { subject in
            let own = (1...revisions).flatMap { revision -> [BrokerDouble.Step] in
                let name = "\(subject)@\(revision)"
                return [.arrived(name), .confirmed(name)]
            }
            return steps.filter { own.contains($0) } == own
        }
    }

    private static func isPaused(_ pulse: RelayPulse) -> Bool { pulse.check.state == "paused" }

    /// Of one subject, as they were confirmed.
    private static func confirmed(_ broker: BrokerDouble, of subject: String) -> [String] {
        broker.confirmed.filter { $0.hasPrefix(subject + "@") }
    }

    /// Waits until rows are set aside for these reasons.
    private static func waitForRefusals(_ shop: ShopDatabase, _ codes: [String]) async throws {
        let sql = "SELECT refused_code FROM stevedore_outbox WHERE refused_at IS NOT NULL ORDER BY id"
        try await eventually("the refusals \(codes)") { try await shop.texts(sql) == codes }
    }

    private static func waitForAll(_ shop: ShopDatabase) async throws {
        try await eventually("all rows to be marked") { try await shop.sent() == shop.all() }
    }

    @Test("all rows are published once, of one subject one after the other, of many at the same time")
    func order() async throws {
        try await ShopDatabase.with { shop in
            let subjects = (1...60).map { "W-\($0)" }
            for revision in 1...5 {
                try await shop.write(try subjects.map { try ShopOrders.order($0, revision: Int64(revision)) })
            }
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker) { _ in try await Self.waitForAll(shop) }
            #expect(Self.areInOrder(broker.steps, revisions: 5, of: subjects))
            #expect(broker.confirmed.count == 300)
            #expect(broker.mostTogether > 10)
        }
    }

    @Test("with few places in memory the same comes out")
    func smallWindow() async throws {
        try await ShopDatabase.with { shop in
            let subjects = (1...20).map { "W-\($0)" }
            for revision in 1...3 {
                try await shop.write(try subjects.map { try ShopOrders.order($0, revision: Int64(revision)) })
            }
            var limits = RelayLimits()
            (limits.rows, limits.inFlight, limits.batch, limits.marks) = (6, 3, 2, 4)
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker, limits: limits) { _ in
                try await Self.waitForAll(shop)
            }
            #expect(Self.areInOrder(broker.steps, revisions: 3, of: subjects))
            #expect(broker.confirmed.count == 60 && broker.mostTogether <= 3)
        }
    }

    @Test("what is written while it runs is published soon")
    func wakes() async throws {
        try await ShopDatabase.with { shop in
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker) { _ in
                for number in 1...5 {
                    try await shop.write([try ShopOrders.order("W-\(number)")])
                    try await eventually("order \(number)") { broker.confirmed.count == number }
                }
                try await Self.waitForAll(shop)
            }
        }
    }

    @Test("a queue that takes nothing holds back its own rows, in their order; other queues go on")
    func heldQueue() async throws {
        try await ShopDatabase.with { shop in
            let broker = BrokerDouble()
            for type in [Self.orders, "order.amended.v1"] { broker.answer(type, .nacked) }
            try await RelayRunner.relaying(shop.path, to: broker) { pulse in
                try await shop.write([try ShopOrders.order("W-1"), try ShopOrders.order("W-2")])
                try await shop.write([try ShopOrders.order("W-1", revision: 2)], as: Catalogue.orderAmended)
                try await eventually("the queue to be held") { Self.isPaused(pulse) }
                // Rows of another queue, written behind the held ones.
                try await shop.write([try Self.product("P-1")])
                try await eventually("the other queue") { !Self.confirmed(broker, of: "P-1").isEmpty }
                #expect(broker.confirmed.count == 1)
                #expect(broker.ids(of: "W-1@2").isEmpty)
                for type in [Self.orders, "order.amended.v1"] { broker.answer(type, nil) }
                try await Self.waitForAll(shop)
                try await eventually("nothing held") { !Self.isPaused(pulse) }
            }
            #expect(broker.confirmed.count == 4)
            #expect(Self.confirmed(broker, of: "W-1") == ["W-1@1", "W-1@2"])
            #expect(Set(broker.ids(of: "W-1@1")).count == 1)
        }
    }

    /// Any object of another queue will do.
    private static func product(_ sku: String) throws -> ShopDatabase.Row {
        let example = try #require(Catalogue.examples(for: Catalogue.product).first)
        var product = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Product)
        (product.sku, product.revision) = (sku, 1)
        return try ShopDatabase.Row(product, as: Catalogue.product)
    }

    @Test(
        "an answer that never came, and a queue that is not there, are no end: the same message goes again",
        arguments: [
            PublishOutcome.unknown(reason: "no confirm came in time"), .returned(code: 312, text: "NO_ROUTE"),
            .notSent(.notFound("no exchange 'commerce'")),
        ])
    func again(outcome: PublishOutcome) async throws {
        try await ShopDatabase.with { shop in
            let broker = BrokerDouble()
            broker.answerOnce("W-1", outcome)
            try await shop.write([try ShopOrders.order("W-1")])
            try await RelayRunner.relaying(shop.path, to: broker) { _ in try await Self.waitForAll(shop) }
            let ids = broker.ids(of: "W-1@1")
            #expect(ids.count == 2 && Set(ids).count == 1)
            let written = try await shop.all()
            #expect(written == Array(Set(ids)))
        }
    }

    @Test("a row that breaks its contract is set aside with code and place; what is behind it goes on")
    func refused() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write((1...3).map { try ShopOrders.order("W-1", revision: $0) })
            try await shop.execute(
                "UPDATE stevedore_outbox SET data = json_remove(data, '$.currency') WHERE revision = 2")
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker) { pulse in
                try await eventually("both others") { try await shop.sent().count == 2 }
                try await Self.waitForRefusals(shop, ["malformed.field"])
                let text = try await shop.texts("SELECT refused_text FROM stevedore_outbox WHERE revision = 2")
                #expect(text.first?.contains("/data/currency") == true)
                // Corrected and let go again, it is published behind what came after it.
                try await shop.execute(
                    """
                    UPDATE stevedore_outbox SET data = json_set(data, '$.currency', 'USD'), refused_at = NULL,
                        refused_code = NULL, refused_text = NULL WHERE revision = 2
                    """)
                try await Self.waitForAll(shop)
                #expect(pulse.totals["stevedore_relay_refused_total"] == 1)
            }
            #expect(broker.confirmed == ["W-1@1", "W-1@3", "W-1@2"])
        }
    }

    @Test("a message that no broker takes for what it is sets its row aside")
    func unpublishable() async throws {
        try await ShopDatabase.with { shop in
            let broker = BrokerDouble()
            broker.answerOnce("W-1", .notSent(.preconditionFailed("message size 900000 is larger than 800000")))
            try await shop.write([try ShopOrders.order("W-1"), try ShopOrders.order("W-1", revision: 2)])
            try await RelayRunner.relaying(shop.path, to: broker) { _ in
                try await eventually("the row behind it") { try await shop.sent().count == 1 }
                try await Self.waitForRefusals(shop, ["outbox.unpublishable"])
            }
            #expect(broker.confirmed == ["W-1@2"])
        }
    }

    @Test("with the broker away nothing is published, and the store writes on; when it is back all follows")
    func away() async throws {
        try await ShopDatabase.with { shop in
            let broker = BrokerDouble()
            broker.setOpen(false)
            try await RelayRunner.relaying(shop.path, to: broker) { _ in
                for revision in 1...20 {
                    try await shop.write([try ShopOrders.order("W-1", revision: Int64(revision))])
                }
                #expect(broker.steps.isEmpty)
                broker.setOpen(true)
                try await Self.waitForAll(shop)
            }
            #expect(Self.areInOrder(broker.steps, revisions: 20, of: ["W-1"]))
        }
    }

    @Test("a stop waits for what is on its way and marks it")
    func stop() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write((1...100).map { try ShopOrders.order("W-\($0)") })
            let broker = BrokerDouble()
            try await RelayRunner.relaying(shop.path, to: broker) { _ in
                try await eventually("something on its way") { !broker.steps.isEmpty }
            }
            let marked = try await shop.sent()
            #expect(marked.count == broker.confirmed.count)
        }
    }

    @Test("rows that are sent are deleted when they are old enough")
    func pruned() async throws {
        try await ShopDatabase.with { shop in
            try await shop.write((1...250).map { try ShopOrders.order("W-\($0)") })
            let broker = BrokerDouble()
            var limits = RelayLimits()
            (limits.pruneStep, limits.pruneInterval) = (.milliseconds(1), .milliseconds(20))
            try await RelayRunner.relaying(shop.path, to: broker, limits: limits, retention: .zero) { _ in
                try await eventually("an empty table") { try await shop.all().isEmpty }
            }
            #expect(broker.confirmed.count == 250)
        }
    }
}
