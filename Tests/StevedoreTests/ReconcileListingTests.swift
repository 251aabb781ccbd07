import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What the ERP lists no more")
struct ReconcileListingTests {
    @Test("one reading without a row withdraws nothing")
    func leftOut() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.hide("P-5", readings: 1)
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.repair?.sent == 0)
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("one answer without a warehouse empties none")
    func warehouse() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.leaveOutWarehouses()
            let report = try await desk.repair()
            let part = try #require(report.part("stock/WEST"))
            #expect(report.drifted == 0 && part.counts[.equal] == 1 && part.read == 1)
        }
    }

    @Test("what the feed's last full read lacks as well needs no second reading")
    func feed() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.fillFeed(desk, listedAt: 10, latest: 20)
            let misses = try await desk.ledger.read { snapshot in
                (
                    try snapshot.feedMisses("P-5", in: "products"), try snapshot.feedMisses("P-9", in: "products"),
                    try snapshot.feedMisses("P-5", in: "prices")
                )
            }
            #expect(misses.0 && misses.1 && !misses.2)
            desk.erp.hide("P-5")
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.count(.orphaned) == 1)
            #expect(desk.erp.wholeReads == 1)
        }
    }

    @Test("a feed that has just seen it says that it is there")
    func seen() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.fillFeed(desk, listedAt: Int64.max - 1, latest: 20)
            desk.erp.hide("P-5")
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.sample("P-5")?.outcome == .onItsWay)
        }
    }

    private static func fillFeed(_ desk: ReconcileDesk, listedAt: Int64, latest: Int64) async throws {
        try await desk.tamper(
            """
            CREATE TABLE feed_listed (stream TEXT, subject TEXT, keys TEXT, listed_at INTEGER, gone INTEGER DEFAULT 0,
                shift INTEGER DEFAULT 0, PRIMARY KEY (stream, subject))
            """)
        try await desk.tamper(
            "CREATE TABLE feed_full_read (stream TEXT PRIMARY KEY, latest INTEGER, before INTEGER, many INTEGER)")
        try await desk.tamper("INSERT INTO feed_listed VALUES ('products', 'P-5', 'P-5', \(listedAt), 0, 0)")
        try await desk.tamper("INSERT INTO feed_full_read VALUES ('products', \(latest), 0, 0)")
    }

    @Test("so much that the feed would have a person look needs a person's word, and is not withdrawn without")
    func many() async throws {
        try await ReconcileDesk.with { desk in
            for number in 10..<40 { try await desk.tell(.product(try ReconcileGoods.product("P-\(number)"))) }
            for number in 10..<35 { desk.erp.lose("P-\(number)") }
            let failure = await #expect(throws: ProgramError.self) {
                _ = try await desk.reconcile { options in
                    var repair = ReconcileOptions.Repair(note: RepairNote(by: "a", reason: "b"), rate: 10_000)
                    repair.approveWithdrawals = { many throws(ProgramError) in
                        throw ProgramError(code: "no", sentence: many.deed, remedy: "", exit: .usage)
                    }
                    options.repair = repair
                }
            }
            #expect(failure?.sentence == "withdraw 25 of 35 objects of products from the store")
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test(
        "as many percent as the feed allows need no word, nor do a few",
        arguments: [(20, 100, false), (21, 100, true), (19, 19, false), (20, 20, true)])
    func share(missing: Int, known: Int, isMany: Bool) {
        #expect(ManyWithdrawals.isMany(missing, of: known, percent: 20, minimum: 20) == isMany)
    }

    // MARK: - Orders

    @Test(
        "an order that has come to its end, and that the ERP keeps no more, is no drift",
        arguments: ["shipped", "cancelled", "rejected"])
    func finished(state: String) async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-3")))
            try await desk.tamper("UPDATE store_order SET state = '\(state)' WHERE number = 'W-3'")
            desk.erp.lose("W-3")
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.count(.explained) == 1)
            #expect(report.sample("W-3")?.excuseText == "finished (\(state)), and the ERP keeps it no more")
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("nor is one of which the worker heard so, or one keyed in the ERP with its shipments")
    func finishedElsewhere() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE subject_state SET state = 'cancelled' WHERE subject = 'W-1'")
            try await desk.tamper("UPDATE store_order SET state = 'shipped' WHERE number IN ('SO-9', 'W-1')")
            for subject in ["W-1", "SH-1", "SO-9"] { desk.erp.lose(subject) }
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.count(.explained) == 3)
        }
    }

    @Test("an order of which some has left is not entered again, though the ERP has lost it")
    func begun() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.lose("W-2")
            let report = try await desk.repair()
            #expect(report.count(.missingInERP) == 1 && report.repairable == 0)
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("without tables nothing says whether it has left, so nothing is sent")
    func unknown() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-3")))
            let steps = try await desk.ledger.read { snapshot in
                (
                    try snapshot.handover(of: "W-3", hasTables: true),
                    try snapshot.handover(of: "W-3", hasTables: false).isPossible
                )
            }
            #expect(steps.0 == .handOver && !steps.1)
        }
    }

    @Test("an order that the ERP finds and does not list is compared all the same")
    func unlisted() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.hide("W-1")
            let equal = try await desk.reconcile { $0.kinds = [.orders] }
            #expect(equal.drifted == 0)
            try await desk.tamper("UPDATE store_order SET state = 'held' WHERE number = 'W-1'")
            let report = try await desk.reconcile { $0.kinds = [.orders] }
            #expect(report.sample("W-1")?.outcome == .differing)
        }
    }

    @Test("a line's state is taken for a refusal only where every line says so, with the order's reason")
    func refusal() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE store_order SET answered_revision = 7 WHERE number = 'W-1'")
            try await desk.tamper("UPDATE store_order_line SET status = 'cancelled' WHERE number = 'W-1'")
            let wrong = try await desk.reconcile { $0.kinds = [.orders] }
            #expect(wrong.sample("W-1")?.outcome == .differing)
            try await desk.tamper("UPDATE store_order SET reason_code = 'order.too-late' WHERE number = 'W-1'")
            try await desk.tamper("UPDATE store_order_line SET status = 'too-late-to-amend' WHERE number = 'W-1'")
            let refused = try await desk.reconcile { $0.kinds = [.orders] }
            #expect(refused.drifted == 0)
            desk.erp.change(.order(try ReconcileGoods.erpOrder("W-1", version: 8)))
            let moved = try await desk.reconcile { $0.kinds = [.orders] }
            #expect(moved.sample("W-1")?.outcome == .differing)
        }
    }

    @Test("an answer that the store does not know of is drift, and is told again")
    func answer() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE store_order SET answered_revision = 0 WHERE number = 'W-1'")
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.differences.map(\.place) == ["store_order.answered_revision"])
            _ = try await desk.work()
            let after = try await desk.reconcile()
            #expect(after.drifted == 0)
        }
    }

    @Test("an order that is handed over twice is sent as it was applied, not as a refused letter has it")
    func body() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-3")))
            desk.erp.lose("W-3")
            _ = try await desk.repair()
            let sent = try await Self.bodies(desk)
            try await desk.tamper("DELETE FROM outbox")
            var other = try ReconcileGoods.order("W-3")
            other.purchaseOrderNumber = "PO-OTHER"
            let envelope = Envelope(for: other, as: Catalogue.orderPlaced, source: "urn:test:store", time: .epoch)
            let body = MessageWriter().write(envelope, other)
            try await desk.ledger.write { transaction in
                try transaction.storePayload(id: "0", body: body, at: 2)
                try transaction.journal(
                    JournalEntry(
                        at: 2, messageID: "0", type: Catalogue.orderPlaced.name, subject: "W-3", revision: 1,
                        stage: "dead-lettered", code: "conflict.same-revision"))
            }
            _ = try await desk.repair()
            let again = try await Self.bodies(desk)
            #expect(sent.count == 1 && again == sent)
        }
    }

    private static func bodies(_ desk: ReconcileDesk) async throws -> [[UInt8]] {
        try await desk.ledger.write {
            try $0.leaseOutbox(limit: 10, holder: "t", lease: .milliseconds(1), now: 0)
        }.map(\.message.body)
    }
}
