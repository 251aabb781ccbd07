import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What was erased here, in a comparison")
struct ReconcileErasedTests {
    /// The 14th of November 2023.
    private static let time: Int64 = 1_700_000_000_000_000

    private static func record(_ order: EraseOrder, _ desk: ReconcileDesk) async throws {
        let action = OperatorAction(
            at: time, by: "anna@test", action: "erase", reason: "request", letters: 0,
            detail: "request \(order.digest), done: store=1")
        try await desk.ledger.write { try $0.record(action) }
    }

    /// As the command does, without the broker.
    private static func erase(_ order: EraseOrder, _ desk: ReconcileDesk) async throws {
        _ = try await EraseDesk(ledger: desk.ledger, path: desk.directory.file("ledger.db")).erase(order)
        try await record(order, desk)
    }

    @Test("an account is explained, with the day, and no repair brings its data back")
    func account() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.erase(EraseDesk.request(account: "C-1"), desk)
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.sample("C-1")?.outcome == .explained)
            let text = report.sample("C-1")?.excuseText ?? ""
            #expect(text.hasPrefix("erased here on 2023-11-14; erase it in the ERP too"))
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(waiting == 0)
        }
    }

    @Test("a person of an account who was erased by address is explained as well")
    func person() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.erase(EraseDesk.request(account: nil, email: "ana@example.com"), desk)
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.count(.explained) == 2)
            #expect(report.sample("C-1")?.excuseText?.hasPrefix("erased here; ") == true)
        }
    }

    @Test("an account whose row is gone is known again by the record's digits, and no other is")
    func gone() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.record(EraseDesk.request(account: "C-1"), desk)
            try await desk.tamper("DELETE FROM store_customer")
            try await desk.tamper("DELETE FROM store_customer_contact")
            let report = try await desk.reconcile()
            #expect(report.sample("C-1")?.outcome == .explained)
            #expect(report.sample("C-2")?.outcome == .missingInStore)
        }
    }

    @Test("an order keyed in the ERP is explained, too")
    func order() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(
                "UPDATE store_order SET contact_name = '\(PersonalMark.text)' WHERE number = 'SO-9'")
            let report = try await desk.repair()
            #expect(report.drifted == 0 && report.sample("SO-9")?.outcome == .explained)
        }
    }

    @Test("who names it has it repaired all the same, and nothing else with it")
    func named() async throws {
        try await ReconcileDesk.with { desk in
            try await Self.erase(EraseDesk.request(account: "C-1"), desk)
            try await desk.tamper("UPDATE store_product SET name = 'x'")
            let report = try await desk.repair(only: ["C-1"])
            #expect(report.repair?.planned == 1 && report.repair?.sent == 1 && !report.isRepaired)
            let types = try await desk.work()
            #expect(types == [Catalogue.customer.name])
            let next = try await desk.reconcile()
            #expect(next.sample("C-1") == nil && next.drifted == 5)
        }
    }

    @Test("what somebody names and has not drifted is said to be so")
    func unknownName() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper("UPDATE store_product SET name = 'x'")
            let report = try await desk.repair(only: ["P-99"])
            #expect(report.repair?.sent == 0 && report.concludes("what was named has not drifted"))
        }
    }
}
