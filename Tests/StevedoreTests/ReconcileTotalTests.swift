import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What the store stated of its order, in a comparison")
struct ReconcileTotalTests {
    /// The ERP says back of W-1 what the store stated.
    private static func state(
        _ desk: ReconcileDesk, total: ExactDecimal? = nil, totals: OrderTotals? = nil
    ) throws {
        var order = try ReconcileGoods.erpOrder("W-1")
        let stated = try ReconcileGoods.order("W-1").totals.total
        (order.total, order.totals) = (total ?? stated, totals)
        desk.erp.change(.order(order))
    }

    private static let tamper = "UPDATE store_order SET total = '1.00' WHERE number = 'W-1'"

    @Test("a row that shows what the ERP was told is equal")
    func equal() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            let report = try await desk.reconcile()
            #expect(report.drifted == 0 && report.sample("W-1") == nil)
        }
    }

    @Test("an account that somebody has changed is found, and one that the ERP does not say is not compared")
    func account() async throws {
        try await ReconcileDesk.with { desk in
            var order = try ReconcileGoods.erpOrder("W-1")
            let number = try #require(Self.account(of: try ReconcileGoods.order("W-1")))
            order.account = number
            desk.erp.change(.order(order))
            #expect(try await desk.reconcile().drifted == 0)
            try await desk.tamper("UPDATE store_order SET account = 'C-666' WHERE number = 'W-1'")
            let finding = try #require(try await desk.reconcile().sample("W-1"))
            #expect(finding.outcome == .differing && finding.differences.map(\.place) == ["store_order.account"])
            #expect(finding.differences.first?.values?.expected == number)
            order.account = nil
            order.version += 1
            desk.erp.change(.order(order))
            let report = try await desk.reconcile()
            #expect(report.sample("W-1")?.differences.map(\.place).contains("store_order.account") != true)
        }
    }

    private static func account(of order: Order) -> String? {
        if case .account(let number) = order.customer { number } else { nil }
    }

    @Test("zeros at the end of an amount are no difference")
    func zeros() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk, total: ExactDecimal("10.5"))
            try await desk.tamper("UPDATE store_order SET total = '10.500' WHERE number = 'W-1'")
            let report = try await desk.reconcile()
            #expect(report.drifted == 0)
        }
    }

    @Test("a total that somebody has changed is found, with both amounts, and left to a person")
    func changed() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            try await desk.tamper(Self.tamper)
            let report = try await desk.repair()
            let finding = try #require(report.sample("W-1"))
            let total = try ReconcileGoods.order("W-1").totals.total.description
            #expect(finding.outcome == .differing && finding.isOwnPart && report.drifted == 1)
            #expect(finding.differences.map(\.place) == ["store_order.total"])
            let values = finding.differences.first?.values
            #expect(values?.expected == total && values?.shown == "1.00")
            #expect(finding.step?.isPossible == false)
            #expect(finding.step?.words.contains("publish the order again, at revision 2") == true)
            #expect(report.repairable == 0 && report.repair?.sent == 0)
        }
    }

    @Test("a total that is gone, or is none, is found as well")
    func lost() async throws {
        for value in ["NULL", "'much'"] {
            try await ReconcileDesk.with { desk in
                try Self.state(desk)
                try await desk.tamper("UPDATE store_order SET total = \(value) WHERE number = 'W-1'")
                let report = try await desk.reconcile()
                #expect(report.drifted == 1 && report.sample("W-1")?.outcome == .differing)
            }
        }
    }

    @Test("what is said at different revisions is not compared: a change is on its way, or was refused")
    func revisions() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            try await desk.tamper(Self.tamper)
            try await desk.tamper("UPDATE store_order SET taken_revision = 2 WHERE number = 'W-1'")
            let report = try await desk.reconcile()
            #expect(report.drifted == 0)
        }
    }

    @Test("while a newer word of the store may be in the queue of those who look on, it is on its way")
    func onItsWay() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            try await desk.tamper(Self.tamper)
            let flows = Set(FleetTopology.flows).subtracting([Catalogue.takenOrders])
            let report = try await desk.reconcile(empty: flows)
            #expect(report.drifted == 0 && report.sample("W-1")?.outcome == .onItsWay)
        }
    }

    @Test("what the ERP charges is not what the store stated, and an ERP that states nothing is not contradicted")
    func charged() async throws {
        try await ReconcileDesk.with { desk in
            let charged = try #require(ExactDecimal("999.99"))
            try Self.state(
                desk, totals: OrderTotals(goods: charged, discount: .zero, shipping: .zero, tax: .zero, total: charged))
            let first = try await desk.reconcile()
            desk.erp.change(.order(try ReconcileGoods.erpOrder("W-1")))
            try await desk.tamper(Self.tamper)
            let second = try await desk.reconcile()
            #expect(first.drifted == 0 && second.drifted == 0)
        }
    }

    @Test("an order that the ERP finds, and does not list, is compared alike")
    func unlisted() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            desk.erp.hide("W-1")
            try await desk.tamper(Self.tamper)
            let report = try await desk.reconcile()
            #expect(report.sample("W-1")?.outcome == .differing && report.drifted == 1)
        }
    }

    @Test("where the state differs as well, that is repaired, and the next run finds the total")
    func both() async throws {
        try await ReconcileDesk.with { desk in
            try Self.state(desk)
            try await desk.tamper("UPDATE store_order SET state = 'held', total = '1.00' WHERE number = 'W-1'")
            let report = try await desk.repair()
            #expect(report.sample("W-1")?.step == .status)
            _ = try await desk.work()
            let next = try await desk.reconcile()
            #expect(next.drifted == 1 && next.sample("W-1")?.isOwnPart == true)
        }
    }
}
