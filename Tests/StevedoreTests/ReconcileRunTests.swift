import ERP
import FleetTesting
import Foundation
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("A run of reconcile")
struct ReconcileRunTests {
    @Test("each repair is journalled with its reason, and the run is an operator's action")
    func audit() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("DELETE FROM store_price_version")
            _ = try await desk.repair()
            let (entries, actions) = try await desk.ledger.read { snapshot in
                (try snapshot.journalEntries(subject: "price-list/WEST/Q1"), try snapshot.operatorActions())
            }
            #expect(entries.map(\.stage) == ["reconcile"])
            #expect(entries.first?.worker == "anna@test" && entries.first?.detail?.hasSuffix("planted") == true)
            #expect(actions.map(\.action) == ["reconcile"] && actions.first?.letters == 2)
        }
    }

    @Test("no more is repaired than was asked for, and orders come before their shipments")
    func limit() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("DELETE FROM store_shipment")
            try await desk.tamper("DELETE FROM store_order")
            try await desk.tamper("DELETE FROM store_product")
            let report = try await desk.reconcile { options in
                options.repair = .init(note: RepairNote(by: "a", reason: "b"), rate: 10_000, limit: 3)
            }
            #expect(report.repair?.planned == 3 && report.repair?.sent == 3)
            #expect(!report.isRepaired)
            let first = try await desk.work()
            #expect(first == ["product.v1", "product.v1", "product.v1"])
            _ = try await desk.repair()
            let types = try await desk.work()
            let order = try #require(types.firstIndex(of: "order.status.v1"))
            let shipment = try #require(types.firstIndex(of: "shipment.v1"))
            #expect(order < shipment)
        }
    }

    @Test("many repairs need a person's word, and without it nothing is sent")
    func approval() async throws {
        try await ReconcileDesk.with { desk in
            try desk.erp.addProducts(1...1_001)
            await #expect(throws: ProgramError.self) {
                _ = try await desk.reconcile { options in
                    var repair = ReconcileOptions.Repair(note: RepairNote(by: "a", reason: "b"), rate: 10_000)
                    repair.approve = { count throws(ProgramError) in
                        throw ProgramError(code: "no", sentence: "\(count)", remedy: "", exit: .usage)
                    }
                    options.repair = repair
                }
            }
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("a run that is to remember says what is new, keeps since when, and forgets what is equal again")
    func remembering() async throws {
        try await ReconcileDesk.with { desk in
            try await DriftTable.migrate(desk.ledger)
            try await desk.tamper("UPDATE store_product SET name = 'x' WHERE sku = 'P-1'")
            let first = try await desk.reconcile { $0.isRemembered = true }
            #expect(first.news == 1)
            let since = try await desk.ledger.read { try $0.drift() }.first?.since
            try await desk.tamper("UPDATE store_product SET name = 'x' WHERE sku = 'P-2'")
            let second = try await desk.reconcile { $0.isRemembered = true }
            #expect(second.drifted == 2 && second.news == 1)
            let known = try await desk.ledger.read { try $0.drift() }
            #expect(known.map(\.subject) == ["P-1", "P-2"] && known.first?.since == since)
            let new = try await desk.ledger.read { try $0.drift(since: since ?? 0) }
            #expect(new.map(\.subject) == ["P-2"])
            _ = try await desk.repair()
            _ = try await desk.work()
            _ = try await desk.reconcile { $0.isRemembered = true }
            let counts = try await desk.ledger.read { try $0.driftCounts() }
            #expect(counts.isEmpty)
        }
    }

    @Test("a run of one kind leaves what is remembered of others")
    func partial() async throws {
        try await ReconcileDesk.with { desk in
            try await DriftTable.migrate(desk.ledger)
            try await desk.tamper("UPDATE store_product SET name = 'x' WHERE sku = 'P-1'")
            _ = try await desk.reconcile { $0.isRemembered = true }
            _ = try await desk.reconcile { options in (options.isRemembered, options.kinds) = (true, [.prices]) }
            let known = try await desk.ledger.read { try $0.drift() }
            #expect(known.count == 1)
        }
    }

    @Test("a ledger without the table has no drift")
    func noTable() async throws {
        try await ReconcileDesk.with { desk in
            let (known, counts) = try await desk.ledger.read { (try $0.drift(), try $0.driftCounts()) }
            #expect(known.isEmpty && counts.isEmpty)
        }
    }

    @Test("an ERP that does not let anybody in ends the run")
    func away() async throws {
        try await ReconcileDesk.with { desk in
            desk.erp.goAway()
            await #expect(throws: ERPError.self) { _ = try await desk.reconcile() }
        }
    }

    @Test("however much there is, no more than a page is asked for, and everything is found")
    func pages() async throws {
        try await ReconcileDesk.with { desk in
            try desk.erp.addProducts(1...1_200)
            let report = try await desk.reconcile { $0.kinds = [.products] }
            #expect(report.count(.missingInStore) == 1_200 && report.count(.equal) == 5)
            #expect(report.parts.first?.samples.count == 10)
            #expect(desk.erp.longestPage == 500)
        }
    }

    @Test("a store that is only posted to is compared by what it was told")
    func told() async throws {
        try await ReconcileDesk.with { desk in
            let equal = try await desk.reconcile { $0.hasTables = false }
            #expect(equal.drifted == 0 && equal.isTold)
            desk.erp.change(.product(try ReconcileGoods.product("P-1", price: "2.00", revision: 4)))
            desk.erp.change(.product(try ReconcileGoods.product("P-9")))
            desk.erp.lose("C-1")
            let report = try await desk.reconcile { $0.hasTables = false }
            #expect(report.count(.differing) == 1 && report.count(.missingInStore) == 1)
            #expect(report.count(.orphaned) == 1)
        }
    }

    @Test("nothing is left in the temporary folder")
    func scratch() throws {
        let folder = try ScratchFolder()
        let path = folder.path
        #expect(FileManager.default.fileExists(atPath: path))
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
