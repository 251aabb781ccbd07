import Fleet
import Ledger
import Models
import Storefront
import Testing

@testable import Stevedore

@Suite("Why a product's stock")
struct WhyStockTests {
    @Test("stock that is a dead letter is said with its product, and by the message's id")
    func letter() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.letter(
                "s-1", "BOLT-8/EAST", revision: 3, type: "stock.v1", flow: "inventory.to-store")
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.code == "dead-letter.open")
            #expect(
                verdict.sentence.hasPrefix(
                    "The stock of product BOLT-8 in EAST (revision 3) is a dead letter since 2025-03-10T11:30:00Z"))
            #expect(verdict.sentence.contains(" Product BOLT-8 (Bolt) is sold;"))
            let message = try await desk.sentence("s-1")
            #expect(message.hasPrefix("Message s-1 (stock.v1, revision 3) of product BOLT-8 is a dead letter since"))
        }
    }

    @Test("stock that waits to be tried again, and stock that waits in its queue, are seen")
    func waiting() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.apply("stock", "BOLT-8/EAST", 2)
            try await desk.journal(
                desk.step(
                    "retried", "BOLT-8/EAST", 3, type: "stock.v1", id: "s-3", code: "ledger.busy",
                    detail: "waits 5m: The ledger is busy.", at: "11:58:00"))
            let retried = try await desk.sentence("BOLT-8")
            #expect(
                retried.hasPrefix(
                    "The stock of product BOLT-8 in EAST (revision 3) waits in the retry tier 5m until "
                        + "2025-03-10T12:03:00Z at the latest: The ledger is busy."))
        }
        try await WhyDesk.with { desk in
            try await desk.tell()
            _ = try await desk.ledger.write { try $0.noteTold(family: "stock", subject: "BOLT-8/WEST", revision: 1) }
            let queued = try await desk.sentence("BOLT-8")
            #expect(
                queued.hasPrefix("The stock of product BOLT-8 in WEST (revision 1) waits in inventory.to-store for an"))
        }
    }

    @Test("stock that the store does not take is an obstacle")
    func refused() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.apply("stock", "BOLT-8/EAST", 2)
            let (stock, time) = (try desk.stock(), try desk.time("09:00:00"))
            try await desk.ledger.write { try WebhookStorefront(source: "urn:test").show(stock, at: time, in: $0) }
            try await desk.redatePosts(areRefused: true)
            let sentence = try await desk.sentence("BOLT-8")
            #expect(
                sentence
                    == "The store does not take the stock of product BOLT-8 in EAST (revision 2) since "
                    + "2025-03-10T09:00:00Z: It said no.")
        }
    }

    @Test("of the streams that tell of a product, the one that waits is named")
    func worstStream() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.feed("products", readAt: "11:59:00", isRunning: true)
            try await desk.feed("stock/EAST", readAt: "10:00:00")
            let (since, until) = (try desk.at("11:00:00"), try desk.at("12:00:10"))
            try await desk.ledger.write { transaction in
                try transaction.noteWait(
                    FeedWait(
                        stream: "stock/EAST", since: since, until: until, reason: "The ERP does not answer.",
                        remedy: "Look at the ERP."))
            }
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.next.hasPrefix("The feed waits for stock/EAST since 2025-03-10T11:00:00Z"))
            #expect(verdict.remedy == "Look at the ERP.")
        }
    }

    @Test("a feed that does not read a warehouse's stock is named, though it reads products")
    func unreadStream() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.apply("stock", "BOLT-8/EAST", 2)
            try await desk.feed("products", readAt: "11:59:00", isRunning: true)
            try await desk.feed("stock/EAST", readAt: "10:00:00")
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.next == "Nothing: no erp-feed runs that would hear of a change in stock/EAST.")
        }
    }

    @Test("the warehouse is read out of a stock's subject")
    func names() {
        #expect(WhyThing.stockName("A~1B~0/EAST") == "the stock of product A/B~ in EAST")
        #expect(WhyThing(type: "stock.v1", subject: "A~1B/EAST") == .product("A/B"))
    }
}
