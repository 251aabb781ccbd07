import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What the store said of its order, in a comparison")
struct ReconcileOwnPartTests {
    private static let strip = """
        UPDATE store_order SET account = NULL, currency = NULL, total = NULL, taken_revision = NULL
        WHERE number = 'W-1'
        """

    private static func currency(_ desk: ReconcileDesk) async throws -> String? {
        try await desk.ledger.read { snapshot in
            try snapshot.first("SELECT currency FROM store_order WHERE number = 'W-1'") { $0.optionalText(0) } ?? nil
        }
    }

    @Test("a deleted order comes back whole, from the body that is kept")
    func whole() async throws {
        try await ReconcileDesk.with { desk in
            let before = try await Self.currency(desk)
            try await desk.tamper("DELETE FROM store_order WHERE number = 'W-1'")
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.outcome == .missingInStore && report.sample("W-1")?.step == .whole)
            let types = try await desk.work()
            #expect(types == [Catalogue.orderStatus.name, Catalogue.orderPlaced.name])
            let after = try await Self.currency(desk)
            #expect(before != nil && after == before)
            let next = try await desk.reconcile()
            #expect(next.drifted == 0)
        }
    }

    @Test("without that body it is said beforehand how it comes back, and the next run finds what is missing")
    func bare() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("DELETE FROM payload")
            try await desk.tamper("DELETE FROM store_order WHERE number = 'W-1'")
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.step == .bare(2))
            let text = report.text(width: nil)
            #expect(text.contains("as the ERP knows it; publish the order again, at revision 2"))
            _ = try await desk.work()
            let next = try await desk.repair()
            #expect(next.sample("W-1")?.outcome == .differing && next.drifted == 1 && next.repairable == 0)
            #expect(next.sample("W-1")?.step?.words.contains("publish the order again, at revision 2") == true)
            #expect(next.repair?.sent == 0)
        }
    }

    @Test("a row with nothing but what the ERP says is a finding of its own, and is noted again alone")
    func skeleton() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(Self.strip)
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.outcome == .differing && report.sample("W-1")?.step == .note)
            #expect(report.drifted == 1 && report.repair?.sent == 1)
            let routes = try await desk.ledger.read { snapshot in
                try snapshot.query("SELECT exchange || ' ' || routing_key FROM outbox") { $0.text(0) }
            }
            #expect(routes == ["\(FleetTopology.requeueExchange) \(Catalogue.takenOrders)"])
            _ = try await desk.work()
            let (after, next) = (try await Self.currency(desk), try await desk.reconcile())
            #expect(after != nil && next.drifted == 0)
        }
    }

    @Test("what the store said of it may still be in the queue of those who look on: then it is on its way")
    func onItsWay() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(Self.strip)
            let flows = Set(FleetTopology.flows).subtracting([Catalogue.takenOrders])
            let report = try await desk.reconcile(empty: flows)
            #expect(report.drifted == 0 && report.sample("W-1")?.outcome == .onItsWay)
        }
    }

    @Test("of an order that never came by here nobody expects what the store said of it")
    func foreign() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(Self.strip)
            try await desk.tamper("DELETE FROM subject_state WHERE family = 'order' AND subject = 'W-1'")
            let report = try await desk.reconcile()
            #expect(report.drifted == 0)
        }
    }

    @Test("what was noted at a newer revision is not overwritten by an older body")
    func newer() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(Self.strip)
            try await desk.tamper("UPDATE subject_state SET revision = 4 WHERE family = 'order@orders.taken'")
            let report = try await desk.repair()
            #expect(report.repairable == 0)
            #expect(report.sample("W-1")?.step?.words.contains("at revision 5") == true)
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("an order that has lost both is told again and noted again")
    func both() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(Self.strip)
            try await desk.tamper("UPDATE store_order SET state = 'held' WHERE number = 'W-1'")
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.step == .whole)
            _ = try await desk.work()
            let next = try await desk.reconcile()
            #expect(next.drifted == 0)
        }
    }
}
