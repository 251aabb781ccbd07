import ERP
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Orders that were to be back from a retry, in a comparison")
struct ReconcileRetriedTests {
    private static let minute: Int64 = 60_000_000

    private static func step(
        _ stage: String, _ number: String, minutesAgo: Int64, detail: String? = "waits 5m: The ERP is busy."
    ) -> JournalEntry {
        JournalEntry(
            at: Timestamp.now().microseconds - minutesAgo * minute, messageID: "m-\(number)", type: "order.placed.v1",
            subject: number, revision: 1, stage: stage, code: "c", detail: detail)
    }

    private static func orders(_ desk: ReconcileDesk) async throws -> ReconcileReport {
        try await desk.reconcile { $0.kinds = [.orders] }
    }

    @Test(
        "are on their way although every queue is empty, and the ERP is not asked", arguments: ["retried", "returned"])
    func held(stage: String) async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            try await desk.ledger.write { transaction in
                try transaction.journal(Self.step("claimed", "W-7", minutesAgo: 21, detail: nil))
                try transaction.journal(Self.step(stage, "W-7", minutesAgo: 20))
            }
            let report = try await Self.orders(desk)
            #expect(report.drifted == 0 && report.sample("W-7")?.outcome == .onItsWay)
            #expect(report.sample("W-7")?.excuseText?.contains("the broker may hold it") == true)
            #expect(desk.erp.finds == 0)
        }
    }

    @Test("are missing once an hour is over, or when anything was heard of them since")
    func past() async throws {
        try await ReconcileDesk.with { desk in
            for number in ["W-7", "W-8"] { try await desk.take(number) }
            try await desk.ledger.write { transaction in
                try transaction.journal(Self.step("retried", "W-7", minutesAgo: 66))
                try transaction.journal(Self.step("retried", "W-8", minutesAgo: 20))
                try transaction.journal(Self.step("claimed", "W-8", minutesAgo: 14, detail: nil))
            }
            let report = try await Self.orders(desk)
            #expect(report.count(.missingInERP) == 2)
        }
    }

    @Test("the newest step counts wherever the journal's index has it")
    func indexed() async throws {
        try await ReconcileDesk.with { desk in
            for number in ["W-7", "W-8"] { try await desk.take(number) }
            try await desk.ledger.write { transaction in
                for number in ["W-7", "W-8"] { try transaction.journal(Self.step("retried", number, minutesAgo: 20)) }
                let other = Self.step("applied", "W-1", minutesAgo: 15, detail: nil)
                for _ in 0..<8_200 { try transaction.journal(other) }
                try transaction.journal(Self.step("noted", "W-7", minutesAgo: 14, detail: nil))
                try transaction.journal(Self.step("claimed", "W-8", minutesAgo: 14, detail: nil))
            }
            let report = try await Self.orders(desk)
            #expect(report.sample("W-7")?.outcome == .onItsWay && report.sample("W-8")?.outcome != .onItsWay)
        }
    }
}
