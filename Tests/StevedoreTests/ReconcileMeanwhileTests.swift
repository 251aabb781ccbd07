import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What changes while reconcile runs")
struct ReconcileMeanwhileTests {
    private static func bolt(_ revision: Int64, _ price: String) throws -> ERPChange {
        .product(try ReconcileGoods.product("P-1", price: price, revision: revision))
    }

    /// The end of a repair of what was read as `change`, when something has happened since it was found.
    private static func repair(
        _ change: ERPChange, _ what: Drift.Class = .differing, _ desk: ReconcileDesk,
        meanwhile: () async throws -> Void = {}
    ) async throws -> RepairEnd {
        let scratch = try await ScratchLedger.open(at: desk.directory.file("scratch.db"), keepsBodies: true)
        let object = try ListedObject(DatedChange(change, at: .epoch), shift: 0, at: .epoch)
        if what != .orphaned { try await scratch.add(ListedPage(objects: [object]), listing: 1, isAgain: false) }
        var finding = KeptFinding(
            kind: object.kind, key: object.key, subject: object.subject, what: what, outcome: Outcome(what),
            excuse: nil, digest: "", places: "", step: "", isPossible: true)
        let kind: ReconcileKind = object.kind == .onlineOrder ? .orders : .products
        finding.standing = try await desk.ledger.read { try $0.standing(of: object.subject, object.kind.type) }
        try await meanwhile()
        let repairs = Repairs(
            stream: ReconcileStream(kind: kind), real: desk.ledger, scratch: scratch, hasTables: true, since: 50)
        let end = try await repairs.carryOut(finding, RepairNote(by: "anna@test", reason: "r"), at: .now())
        await scratch.ledger.close()
        return end
    }

    private static func waiting(_ desk: ReconcileDesk) async throws -> Int {
        Int(try await desk.ledger.read { try $0.first("SELECT count(*) FROM outbox") { $0.integer(0) } } ?? 0)
    }

    @Test("what the fleet was told since it was compared is not overwritten by what was read before")
    func newerProduct() async throws {
        try await ReconcileDesk.with { desk in
            let old = try Self.bolt(1, "1.20")
            let end = try await Self.repair(old, .differing, desk) { try await desk.tell(try Self.bolt(2, "3.00")) }
            #expect(end == .changed)
            #expect(try await Self.waiting(desk) == 0)
        }
    }

    @Test("what has stayed as it was found is repaired")
    func unchanged() async throws {
        try await ReconcileDesk.with { desk in
            let end = try await Self.repair(try Self.bolt(1, "1.20"), .differing, desk)
            #expect(end == .sent)
            #expect(try await Self.waiting(desk) == 1)
        }
    }

    @Test("a status is not told over a newer one, whoever told that")
    func newerStatus() async throws {
        try await ReconcileDesk.with { desk in
            let order = ERPChange.order(try ReconcileGoods.erpOrder("W-1"))
            let family = Catalogue.orderStatus.family
            let byFeed = try await Self.repair(order, .differing, desk) {
                _ = try await desk.ledger.write { transaction in
                    try transaction.noteTold(family: family, subject: "W-1", revision: 9)
                }
            }
            #expect(byFeed == .changed)
        }
        try await ReconcileDesk.with { desk in
            let order = ERPChange.order(try ReconcileGoods.erpOrder("W-1"))
            let family = Catalogue.orderStatus.family
            let byWorker = try await Self.repair(order, .differing, desk) {
                _ = try await desk.ledger.write { try $0.nextRevision(family: family, subject: "W-1") }
            }
            #expect(byWorker == .changed)
            #expect(try await Self.waiting(desk) == 0)
        }
    }

    @Test("what a feed has seen the ERP list since is not withdrawn")
    func seenAgain() async throws {
        try await ReconcileDesk.with { desk in
            let end = try await Self.repair(try Self.bolt(1, "1.20"), .orphaned, desk) {
                try await desk.tamper(
                    """
                    CREATE TABLE feed_listed (stream TEXT, subject TEXT, keys TEXT, listed_at INTEGER,
                        gone INTEGER DEFAULT 0, shift INTEGER DEFAULT 0, PRIMARY KEY (stream, subject))
                    """)
                try await desk.tamper("INSERT INTO feed_listed VALUES ('products', 'P-1', 'P-1', 60, 0, 0)")
            }
            #expect(end == .changed)
        }
    }

    /// The ERP is ahead of the store at first, and goes on, and the fleet with it, when its changes have been read.
    private static func busy(_ desk: ReconcileDesk) throws {
        let (second, third) = (try bolt(2, "2.00"), try bolt(3, "3.00"))
        desk.erp.change(second)
        desk.erp.onRead(2) { try? await desk.tell(third) }
    }

    @Test("what the fleet knows better than what was read is no drift, and is not repaired")
    func ahead() async throws {
        try await ReconcileDesk.with { desk in
            try Self.busy(desk)
            let report = try await desk.reconcile { options in
                options.kinds = [.products]
                options.repair = .init(note: RepairNote(by: "a", reason: "b"), rate: 10_000)
            }
            #expect(report.drifted == 0)
            #expect(report.sample("P-1")?.outcome == .onItsWay)
            #expect(try await Self.waiting(desk) == 0)
        }
    }

    @Test("it is looked at again, as long as there is time, until it can be judged")
    func again() async throws {
        try await ReconcileDesk.with { desk in
            try Self.busy(desk)
            try await desk.tamper("UPDATE store_product SET name = 'x' WHERE sku = 'P-2'")
            let report = try await desk.reconcile { options in
                (options.kinds, options.settle) = ([.products], .milliseconds(1))
            }
            #expect(report.count(.equal) == 4 && report.count(.differing) == 1)
            #expect(report.sample("P-1") == nil)
        }
    }

    @Test("a change that appears behind the cursor is found by reading everything once more")
    func late() async throws {
        try await ReconcileDesk.with { desk in
            let newer = try Self.bolt(2, "2.00")
            try await desk.tell(newer)
            desk.erp.rewrite(try Self.bolt(1, "1.20"))
            desk.erp.onRead(2) { desk.erp.rewrite(newer) }
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.drifted == 0 && report.count(.equal) == 5)
        }
    }

    @Test("an ERP that has gone back behind what was told, and stays there, is drift")
    func restored() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tell(try Self.bolt(5, "9.00"))
            desk.erp.change(try Self.bolt(2, "2.00"))
            try await desk.tell(.order(try ReconcileGoods.erpOrder("W-4", version: 9)))
            desk.erp.change(.order(try ReconcileGoods.erpOrder("W-4", version: 4)))
            try await desk.tamper("UPDATE store_order SET state = 'held' WHERE number = 'W-4'")
            let report = try await desk.repair()
            #expect(report.sample("P-1")?.outcome == .differing)
            #expect(report.sample("W-4")?.step == .status)
            let told = try await desk.ledger.read { try $0.toldRevision(family: "order.status", subject: "W-4") }
            #expect(told == 4)
        }
    }

    @Test("what changed meanwhile is counted by itself in every report")
    func reported() {
        var repair = ReconcileReport.Repair(reason: "r", planned: 3)
        for (end, subject) in [(RepairEnd.sent, "A"), (.needless, "B"), (.changed, "C")] {
            repair.add(end, of: subject)
        }
        #expect(repair.sent == 1 && repair.needless == 1 && repair.changed == 1)
        #expect(repair.sentence.contains("1 changed meanwhile and not touched (C)"))
    }
}
