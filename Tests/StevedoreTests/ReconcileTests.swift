import ERP
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Reconciling the store with the ERP")
struct ReconcileTests {
    /// Something planted, and what has to be found of it.
    struct Plant: Sendable, CustomTestStringConvertible {
        var sql: String
        var stream: String
        var subject: String
        var outcome: Outcome
        var isRepairable = true
        var testDescription: String { "\(outcome.rawValue) \(stream) \(subject)" }
    }

    static let plants = [
        Plant(
            sql: "DELETE FROM store_product WHERE sku = 'P-2'", stream: "products", subject: "P-2",
            outcome: .missingInStore),
        Plant(
            sql: "UPDATE store_product SET list_price = '0.01' WHERE sku = 'P-3'", stream: "products", subject: "P-3",
            outcome: .differing),
        Plant(
            sql: "INSERT INTO store_product_group VALUES ('P-4', 'stray')", stream: "products", subject: "P-4",
            outcome: .differing),
        Plant(
            sql: """
                INSERT INTO store_product (sku, name, unit, active, revision, changed_at)
                VALUES ('STRAY', 'Stray', 'C62', 1, 1, '')
                """, stream: "products", subject: "STRAY", outcome: .orphaned),
        Plant(
            sql: "INSERT INTO store_product_group VALUES ('GHOST', 'stray')", stream: "products", subject: "GHOST",
            outcome: .orphaned, isRepairable: false),
        Plant(
            sql: "DELETE FROM store_stock WHERE warehouse = 'EAST'", stream: "stock/EAST", subject: "P-1/EAST",
            outcome: .missingInStore),
        Plant(
            sql: "UPDATE store_stock SET on_hand = '9' WHERE warehouse = 'WEST'", stream: "stock/WEST",
            subject: "P-1/WEST", outcome: .differing),
        Plant(
            sql: """
                INSERT INTO store_stock (sku, warehouse, unit, on_hand, reserved, available, available_micro, revision,
                    changed_at) VALUES ('P-1', 'GONE', 'C62', '5', '0', '5', 5000000, 1, '')
                """, stream: "stock/GONE", subject: "P-1/GONE", outcome: .orphaned),
        Plant(
            sql: "UPDATE store_customer SET hold_code = 'credit.hold' WHERE account = 'C-1'", stream: "customers",
            subject: "C-1", outcome: .differing),
        Plant(
            sql: "UPDATE store_customer_contact SET email = 'eve@example.com' WHERE account = 'C-2'",
            stream: "customers", subject: "C-2", outcome: .differing),
        Plant(
            sql: "UPDATE store_price SET unit_price = '0.09' WHERE price_version = 'Q2'", stream: "prices",
            subject: "price-list/WEST/Q2", outcome: .differing),
        Plant(
            sql: """
                INSERT INTO store_price VALUES ('price-list', 'WEST', 'P-2', 'Q1', '', 0, '0', 'C62', '0.01')
                """, stream: "prices", subject: "price-list/WEST/Q1", outcome: .differing),
        Plant(
            sql: "DELETE FROM store_parcel WHERE shipment = 'SH-1'", stream: "shipments", subject: "SH-1",
            outcome: .differing),
        Plant(
            sql: "UPDATE store_shipment SET id = 'SH-X' WHERE id = 'SH-2'", stream: "shipments", subject: "SH-X",
            outcome: .orphaned, isRepairable: false),
        Plant(
            sql: "UPDATE store_order SET state = 'shipped' WHERE number = 'W-1'", stream: "orders", subject: "W-1",
            outcome: .differing),
        Plant(
            sql: "DELETE FROM store_order_line WHERE number = 'W-2'", stream: "orders", subject: "W-2",
            outcome: .differing),
        Plant(
            sql: "UPDATE store_order SET total = '0.01' WHERE origin = 'offline'", stream: "orders", subject: "SO-9",
            outcome: .differing),
    ]

    @Test("what the workers have shown is equal, every object of every kind")
    func equal() async throws {
        try await ReconcileDesk.with { desk in
            let report = try await desk.reconcile()
            let all = try ReconcileGoods.all().count
            #expect(report.drifted == 0 && report.count(.onItsWay) == 0 && report.count(.explained) == 0)
            #expect(report.count(.equal) == all)
            let isWhole = report.parts.allSatisfy(\.isComplete)
            #expect(isWhole)
        }
    }

    @Test("drift is found, named, and repaired by the workers, so that the next run finds none", arguments: plants)
    func planted(plant: Plant) async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(plant.sql)
            let report = try await desk.repair()
            let part = try #require(report.part(plant.stream))
            let finding = try #require(report.sample(plant.subject))
            #expect((part.counts[plant.outcome] ?? 0) > 0)
            #expect(finding.outcome == plant.outcome)
            #expect(finding.step?.isPossible == plant.isRepairable)
            _ = try await desk.work()
            let after = try await desk.reconcile()
            #expect(after.drifted == (plant.isRepairable ? 0 : 1))
        }
    }

    @Test("a dry run sends nothing, and says what would be sent")
    func dryRun() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("DELETE FROM store_customer")
            let report = try await desk.reconcile()
            #expect(report.drifted == 2 && report.repairable == 2 && report.repair == nil)
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
            #expect(report.concludes("2 messages would be sent"))
        }
    }

    @Test(
        "an order that the ERP has lost is reopened, sent again by its kept body, and shown at what the ERP then says")
    func lostOrder() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-3")))
            desk.erp.lose("W-3")
            let report = try await desk.repair()
            let part = try #require(report.part("orders"))
            #expect(part.counts[.missingInERP] == 1)
            #expect(part.samples.first?.step == .handOver)
            let state = try await desk.ledger.read { try $0.subjectState(family: "order", subject: "W-3") }
            #expect(state?.revision == 0 && state?.isUncertain == true)
            let messages = try await desk.ledger.write {
                try $0.leaseOutbox(limit: 10, holder: "t", lease: .milliseconds(1), now: 0)
            }
            #expect(messages.map(\.message.exchange) == [FleetTopology.requeueExchange])
            #expect(messages.map(\.message.routingKey) == ["orders.to-erp"])
            _ = try await desk.work()
            let after = try await desk.reconcile()
            #expect(after.drifted == 0)
        }
    }

    @Test("an order of which the body is gone is said to need publishing anew, and nothing is sent")
    func lostBody() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-3")))
            desk.erp.lose("W-3")
            try await desk.tamper("DELETE FROM payload")
            let report = try await desk.repair()
            #expect(report.count(.missingInERP) == 1 && report.repairable == 0)
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("an order that the ERP has refused is not missing in it")
    func ownOrders() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            try await desk.tamper("UPDATE store_order SET state = 'rejected' WHERE number = 'W-7'")
            let report = try await desk.reconcile()
            #expect(report.drifted == 0 && report.sample("W-7") == nil)
        }
    }

    @Test("what waits for a person, is in a queue, or cannot be read is told apart from drift")
    func excuses() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE store_product SET name = 'x'")
            try await desk.ledger.write { transaction in
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: "L-1", queue: "inventory.to-store", flow: "inventory.to-store", type: "product.v1",
                        subject: "P-1", revision: 1, code: "prices.currency", category: "rejected", sentence: "No.",
                        fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1))
                try transaction.enqueueOutbox(
                    OutboxMessage(
                        id: "m", exchange: "commerce", routingKey: "product.v1", contentType: "x", type: "product.v1",
                        subject: "P-2", revision: 2, body: []), at: 1)
            }
            desk.erp.garble("P-3", of: .products)
            let report = try await desk.reconcile { $0.kinds = [.products] }
            let letter = "dead letter prices.currency in inventory.to-store: `dead-letter show L-1`"
            #expect(report.sample("P-1")?.excuse == .explained(letter))
            #expect(report.sample("P-2")?.outcome == .onItsWay)
            #expect(report.sample("P-3")?.outcome == .explained)
            #expect(report.drifted == 2)
        }
    }

    @Test("where a row does not even say what it is of, nothing counts as orphaned")
    func nameless() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.lose("P-3")
            desk.erp.garble(nil, of: .products)
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.drifted == 0 && report.count(.explained) == 1)
        }
    }

    @Test("a message that is in no queue any more is lost: what it should have told is drift")
    func lostMessage() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.change(.product(try ReconcileGoods.product("P-1", price: "2.00", revision: 2)))
            try await desk.ledger.write { transaction in
                _ = try transaction.noteTold(family: "product", subject: "P-1", revision: 2)
            }
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.count(.differing) == 1)
        }
    }

    @Test("what changes in the ERP while it is compared is no drift")
    func fresh() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE store_product SET name = 'x' WHERE sku IN ('P-1', 'P-2')")
            let change = ERPChange.product(try ReconcileGoods.product("P-1", price: "3.00", revision: 2))
            desk.erp.onFirstRead { desk.erp.change(change) }
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.sample("P-1")?.outcome == .onItsWay)
            #expect(report.sample("P-2")?.outcome == .differing)
        }
    }

    @Test("what the fleet has applied with other content is told ahead of the ERP, where the feed keeps count")
    func ahead() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(
                """
                CREATE TABLE feed_listed (stream TEXT, subject TEXT, keys TEXT, listed_at INTEGER, gone INTEGER DEFAULT 0,
                    shift INTEGER DEFAULT 0, PRIMARY KEY (stream, subject))
                """)
            // As after a restore of the ERP: the same revision says something else.
            desk.erp.change(.product(try ReconcileGoods.product("P-1", price: "5.00")))
            let report = try await desk.repair()
            #expect(report.sample("P-1")?.step == .ahead(2))
            _ = try await desk.work()
            let shift = try await desk.ledger.read {
                try $0.first("SELECT shift FROM feed_listed WHERE subject = 'P-1'") { $0.integer(0) }
            }
            #expect(shift == 1)
            let after = try await desk.reconcile()
            #expect(after.drifted == 0)
        }
    }

    @Test("what was withdrawn is equal, and what is withdrawn by a repair is not sold any more")
    func withdrawn() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.lose("P-5")
            let report = try await desk.repair()
            #expect(report.count(.orphaned) == 1)
            _ = try await desk.work()
            let isActive = try await desk.ledger.read {
                try $0.first("SELECT active FROM store_product WHERE sku = 'P-5'") { $0.integer(0) }
            }
            #expect(isActive == 0)
            let after = try await desk.reconcile()
            #expect(after.drifted == 0)
        }
    }
}
