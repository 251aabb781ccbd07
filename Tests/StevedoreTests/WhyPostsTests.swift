import Fleet
import Ledger
import Models
import Storefront
import Testing

@testable import Stevedore

@Suite("Why, where the store is told by posts")
struct WhyPostsTests {
    private let posts: Set<StorefrontAdapter> = [.webhook]

    @Test("tables that are not used any more are not read")
    func unusedTables() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            try await desk.show("W-1", .held)
            let shown = try await desk.ask("W-1").verdict
            let told = try await desk.ask("W-1", adapters: posts).verdict
            #expect(shown.code == "held" && told.code == "accepted")
            #expect(told.sentence.hasSuffix("for the store is told by posts alone."))
        }
    }

    @Test("an order keyed in the ERP that was told is not said to be unheard of")
    func offline() async throws {
        try await WhyDesk.with { desk in
            try await desk.apply("order.offline", "SO-9", 3, at: "12:00:00", day: 7)
            let verdict = try await desk.ask("SO-9", adapters: posts).verdict
            #expect(
                verdict.sentence == "The store was last told of order SO-9 at 2025-03-07T12:00:00Z, revision 3.")
        }
    }

    @Test("a status that was told after the answer may say something else")
    func later() async throws {
        try await WhyDesk.with { desk in
            try await desk.answer("W-1")
            try await desk.apply("order.status", "W-1", 2, at: "08:00:00")
            let verdict = try await desk.ask("W-1", adapters: posts).verdict
            #expect(
                verdict.sentence
                    == "The ERP answered order W-1 at 2025-03-07T12:00:00Z: accepted as SO-4711. The store was told "
                    + "how it stands at 2025-03-10T08:00:00Z, revision 2 of the status, and what that says is not kept "
                    + "here.")
        }
    }

    @Test("stock that was told is not denied where its product was never told of")
    func stockAlone() async throws {
        try await WhyDesk.with { desk in
            try await desk.apply("stock", "BOLT-8/EAST", 2)
            let verdict = try await desk.ask("BOLT-8", adapters: posts).verdict
            #expect(
                verdict.sentence
                    == "The ERP has told of no product BOLT-8; stock was last told by EAST at 2025-03-10T09:00:00Z; no "
                    + "feed has read products into this ledger.")
        }
    }

    @Test("what has yet to be posted is not said to be told")
    func untried() async throws {
        try await WhyDesk.with { desk in
            let (product, time) = (try product(), try desk.time("09:00:00"))
            try await desk.tell()
            try await desk.ledger.write { try WebhookStorefront(source: "urn:test").show(product, at: time, in: $0) }
            try await desk.redatePosts()
            let waits = "Product BOLT-8 (revision 5) waits since 2025-03-10T09:00:00Z to be posted to the store."
            let alone = try await desk.ask("BOLT-8", adapters: posts).verdict
            #expect(alone.sentence == waits && alone.code == "webhook.waiting")
            let both = try await desk.verdict("BOLT-8")
            #expect(both.code == "product.sold" && both.sentence.hasSuffix(". " + waits))
        }
    }

    @Test("a pause is one only if it did not begin in the future")
    func pause() async throws {
        try await WhyDesk.with { desk in
            let (product, time) = (try product(), try desk.time("09:00:00"))
            let (ahead, now, until) = (try desk.at("12:30:00"), try desk.at("12:00:00"), try desk.at("13:00:00"))
            try await desk.tell()
            try await desk.ledger.write { transaction in
                try WebhookStorefront(source: "urn:test").show(product, at: time, in: transaction)
                try transaction.execute(
                    "INSERT INTO store_webhook_pause (id, since, until, reason) VALUES (1, ?, ?, 'Too many.')",
                    .integer(ahead), .integer(until))
            }
            let early = try await desk.verdict("BOLT-8")
            #expect(early.code == "product.sold")
            _ = try await desk.ledger.write {
                try $0.execute("UPDATE store_webhook_pause SET since = ?", .integer(now))
            }
            let paused = try await desk.verdict("BOLT-8")
            #expect(paused.code == "webhook.paused")
            #expect(paused.next == "Posts go on by themselves at 2025-03-10T13:00:00Z.")
        }
    }

    private func product() throws -> Product {
        Product(sku: "BOLT-8", revision: 5, name: "Bolt", unit: .one, isActive: true)
    }
}
