import Fleet
import Ledger
import Models
import Storefront
import Testing

@testable import Stevedore

@Suite("Why a product, an account, a shipment")
struct WhyGoodsTests {
    @Test("a product says when it was told last, and what of it each warehouse has")
    func product() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            let sentence = try await desk.sentence("bolt 8")
            #expect(
                sentence
                    == "Product BOLT-8 (Bolt) is sold; the store was last told of it at 2025-03-10T09:00:00Z, "
                    + "revision 5, "
                    + "list price 0.21 USD; available: 12 in EAST (told at 2025-03-10T09:00:00Z).")
        }
    }

    @Test("a withdrawn product says what is sold instead")
    func withdrawn() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell(isActive: false)
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.code == "product.withdrawn")
            #expect(
                verdict.sentence.hasPrefix(
                    "Product BOLT-8 (Bolt) is not sold any more since 2025-03-10T09:00:00Z; instead there is BOLT-9"))
        }
    }

    @Test("a newer state that was told and not applied waits in its queue")
    func newer() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            _ = try await desk.ledger.write { try $0.noteTold(family: "product", subject: "BOLT-8", revision: 6) }
            let sentence = try await desk.sentence("BOLT-8")
            #expect(
                sentence
                    == "The newest state of product BOLT-8 (revision 6) waits in inventory.to-store for an "
                    + "inventory-worker: "
                    + "at most 7 messages are before it.")
        }
    }

    @Test("what was told of and is in no queue is not said to wait in one")
    func notSent() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            _ = try await desk.ledger.write { try $0.noteTold(family: "product", subject: "BOLT-8", revision: 6) }
            let empty = WhyBroker.asked(["inventory.to-store": .init(ready: 0, workers: 1)])
            let verdict = try await desk.verdict("BOLT-8", broker: empty)
            #expect(
                verdict.sentence
                    == "The newest state of product BOLT-8 (revision 6) was told of by the ERP, and is not known to "
                    + "have been sent on: its queue is empty.")
            #expect(verdict.code == "told.not-sent" && verdict.next == "Nothing, until it changes in the ERP.")
            #expect(verdict.remedy == "`erp-feed resync products` has the feed tell it again.")
        }
    }

    @Test("a held back change that a newer revision has overtaken is past")
    func overtakenBatch() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            let at = try desk.at("10:30:00")
            try await desk.ledger.write { transaction in
                try transaction.execute(
                    "INSERT INTO feed_parked (id, stream, at, reason, diff) VALUES (3, 'products', ?, 'many', '')",
                    .integer(at))
                try transaction.execute(
                    """
                    INSERT INTO feed_parked_message (batch, position, id, type, subject, revision, body)
                    VALUES (3, 0, 'p-1', 'product.v1', 'BOLT-8', 4, x'00')
                    """)
            }
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.code == "product.sold")
        }
    }

    @Test("when the store was told is said by our clock, and not by the ERP's")
    func told() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell(appliedAt: "10:00:00")
            let report = try await desk.ask("BOLT-8")
            #expect(report.verdict.sentence.contains("the store was last told of it at 2025-03-10T10:00:00Z"))
            let facts = try #require(report.answers.first)
            let events = facts.timeline().map { "\(WhyTime.text($0.at)) \($0.what)" }
            #expect(events.contains("2025-03-10T09:00:00Z changed in the ERP to revision 5"))
            #expect(events.contains("2025-03-10T10:00:00Z shown at revision 5"))
        }
    }

    @Test("what is told in part is said beside how the product stands")
    func incomplete() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            try await desk.feed("products", readAt: "11:59:00", isRunning: true)
            try await desk.gap("products", "BOLT-8", .incomplete)
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.code == "product.sold" && verdict.sentence.hasPrefix("Product BOLT-8 (Bolt) is sold;"))
            #expect(
                verdict.sentence.hasSuffix(
                    ". What the ERP says of product BOLT-8 cannot be told in full since 2025-03-10T08:00:00Z: no such "
                        + "state."))
            #expect(verdict.next == "The feed reads products on, and tells the next change by itself.")
        }
    }

    @Test("a change that is held back names its batch and the commands, for the product and for its stock")
    func parked() async throws {
        let cases = [
            ("BOLT-8", "product.v1", "product", "product BOLT-8"),
            ("BOLT-8/EAST", "stock.v1", "stock", "the stock of product BOLT-8 in EAST"),
        ]
        for (subject, type, family, name) in cases {
            try await WhyDesk.with { desk in
                try await desk.tell()
                let at = try desk.at("10:30:00")
                try await desk.ledger.write { transaction in
                    // The feed counts what it holds back as told.
                    try transaction.noteTold(family: family, subject: subject, revision: 6)
                    try transaction.execute(
                        """
                        INSERT INTO feed_parked (id, stream, at, reason, diff) VALUES (3, 'products', ?, 'too many', '')
                        """, .integer(at))
                    try transaction.execute(
                        """
                        INSERT INTO feed_parked_message (batch, position, id, type, subject, revision, body)
                        VALUES (3, 0, 'p-1', ?, ?, 6, x'00')
                        """, .text(type), .text(subject))
                }
                let verdict = try await desk.verdict("BOLT-8")
                #expect(
                    verdict.sentence
                        == "A change of \(name) is held back since 2025-03-10T10:30:00Z in batch 3 of "
                        + "products: too "
                        + "many.")
                #expect(
                    verdict.remedy
                        == "See `erp-feed parked show 3`, then `erp-feed parked release 3` or `… discard 3`.")
            }
        }
    }

    @Test("a store that does not take a product is said with its reason and the next try")
    func webhook() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            let product = Product(sku: "BOLT-8", revision: 5, name: "Bolt", unit: .one, isActive: true)
            let time = try desk.time("09:00:00")
            try await desk.ledger.write { transaction in
                try WebhookStorefront(source: "urn:test").show(product, at: time, in: transaction)
            }
            try await desk.redatePosts(areRefused: true)
            let verdict = try await desk.verdict("BOLT-8")
            #expect(
                verdict.sentence
                    == "The store does not take product BOLT-8 (revision 5) since 2025-03-10T09:00:00Z: It said no.")
            #expect(verdict.next == "It is posted again at 2025-03-10T12:05:00Z, and so on until it is taken.")
        }
    }

    @Test("an account says whether it may buy, and a hold with its reason")
    func account() async throws {
        try await WhyDesk.with { desk in
            let time = try desk.time("09:00:00")
            var customer = Customer(
                account: "C-1", revision: 4, name: "Northwind", currency: .usd, terms: PaymentTerms(code: "NET30"),
                isPurchaseOrderAllowed: true, creditUsed: .zero, isActive: true)
            let free = customer
            try await desk.ledger.write { try DatabaseStorefront().show(free, at: time, in: $0) }
            let sentence = try await desk.sentence("C-1")
            #expect(
                sentence
                    == "Account C-1 (Northwind) may buy, against its own purchase orders on terms NET30; the store "
                    + "was last "
                    + "told of it at 2025-03-10T09:00:00Z, revision 4.")
            customer.hold = OrderStatus.Reason(code: "credit.hold", text: "Over the limit.")
            let held = customer
            try await desk.ledger.write { try DatabaseStorefront().show(held, at: time, in: $0) }
            let verdict = try await desk.verdict("C-1")
            #expect(verdict.code == "account.hold")
            #expect(
                verdict.sentence
                    == "Account C-1 (Northwind) gets nothing on credit: Over the limit; the store was last told of it "
                    + "at "
                    + "2025-03-10T09:00:00Z, revision 4.")
        }
    }

    @Test("a shipment that waits for its order says so, until when")
    func waitingShipment() async throws {
        try await WhyDesk.with { desk in
            try await desk.journal(
                desk.step(
                    "retried", "SH-7", 1, type: "shipment.v1", id: "s-7", code: "storefront.order-unknown",
                    detail: "waits 5m: The store has no order W-7.", at: "11:58:00"))
            let sentence = try await desk.sentence("SH-7")
            #expect(
                sentence
                    == "Shipment SH-7 (revision 1) waits in the retry tier 5m until 2025-03-10T12:03:00Z at the "
                    + "latest: The "
                    + "store has no order W-7.")
        }
    }
}
