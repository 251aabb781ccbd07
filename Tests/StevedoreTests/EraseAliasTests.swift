import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// An e-mail address leads to an order that never came to the ERP, and must not stay because of that.
@Suite("Addresses of orders that were never applied")
struct EraseAliasTests {
    static let address = "Canary.Quill@feather.example"
    private static let year: Int64 = 365 * 86_400_000_000

    /// The store has taken the order, which is found by its account and address; nothing more is kept of it.
    private static func take(_ number: String, _ desk: EraseDesk, at time: Int64 = 1) async throws {
        try await desk.ledger.write { transaction in
            _ = try transaction.claimAndComplete(
                WhyDesk.key("order@orders.taken", number, 1), holder: "w", now: time)
            try transaction.addAlias(kind: "account", value: EraseDesk.account, family: "order", subject: number)
            try transaction.addAlias(
                kind: "email", value: address, family: "order", subject: number, folding: true)
        }
    }

    private static func addresses(_ desk: EraseDesk) async throws -> [String] {
        try await desk.ledger.read { snapshot in
            try snapshot.query(
                text: "SELECT subject FROM alias WHERE kind IN ('email', 'email~folded') ORDER BY subject"
            ) { $0.text(0) }
        }
    }

    /// One whole sweep.
    private static func prune(_ desk: EraseDesk, now: Int64) async throws {
        let long = Duration.seconds(10 * 365 * 86_400)
        let retention = LedgerRetention(journal: long, payload: long, deadLetter: long)
        var sweep: RetentionSweep? = RetentionSweep()
        while let part = sweep {
            sweep = try await desk.ledger.write { try $0.prune(part, keeping: retention, limit: 2, now: now).next }
        }
    }

    @Test(
        "an order that was answered without the ERP is not under way, though its letter's row is gone",
        arguments: [nil, EraseAliasTests.address] as [String?])
    func answered(email: String?) async throws {
        try await EraseDesk.with { desk in
            try await Self.take("W-1", desk)
            try await desk.ledger.write { transaction in
                try transaction.noteAnswered(family: "order.status", subject: "W-1", revision: 1)
            }
            let account = email == nil ? EraseDesk.account : nil
            let counts = try await desk.erase(EraseDesk.request(account: account, email: email))
            #expect(counts.open.isEmpty)
            #expect(try await Self.addresses(desk) == [])
        }
    }

    @Test("one that may be under way is left and named, and goes with --including-open")
    func underWay() async throws {
        try await EraseDesk.with { desk in
            try await Self.take("W-1", desk)
            let counts = try await desk.erase()
            #expect(counts.open == ["W-1"])
            _ = try await desk.erase(EraseDesk.request(includesOpen: true))
            #expect(try await Self.addresses(desk) == [])
        }
    }

    @Test("retention counts from when it was taken, and takes none of an order that waits for a person")
    func retention() async throws {
        try await EraseDesk.with { desk in
            let now = 3 * Self.year
            try await Self.take("W-OLD", desk, at: Self.year)
            try await Self.take("W-DEAD", desk, at: Self.year)
            try await Self.take("W-NEW", desk, at: now - 1_000_000)
            try await desk.ledger.write { transaction in
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: "m-1", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                        subject: "W-DEAD", revision: 1, code: "sku.unknown", category: "rejected", sentence: "No.",
                        fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1))
            }
            try await Self.prune(desk, now: now)
            #expect(try await Self.addresses(desk) == ["W-DEAD", "W-DEAD", "W-NEW", "W-NEW"])
        }
    }
}
