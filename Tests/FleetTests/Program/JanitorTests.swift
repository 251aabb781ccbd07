import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite struct JanitorTests {
    private func janitor(_ ledger: Ledger, _ holder: String = "w-1") -> Janitor {
        Janitor(
            ledger: ledger, holder: holder,
            retention: LedgerRetention(journal: .seconds(60), payload: .seconds(60), deadLetter: .seconds(60)),
            logger: Samples.quiet, rowsPerStep: 3, pause: .zero, rest: .milliseconds(5))
    }

    private func age(_ ledger: Ledger, rows: Int) async throws {
        try await ledger.write { transaction in
            for _ in 0..<rows { try transaction.journal(JournalEntry(at: 1, stage: "s", code: "ok")) }
            try transaction.journal(JournalEntry(at: Timestamp.now().microseconds, stage: "young", code: "ok"))
        }
    }

    private func steps(_ ledger: Ledger) async throws -> Int64? {
        try await ledger.read { try $0.first("SELECT count(*) FROM journal") { $0.integer(0) } }
    }

    @Test("removes what is old by itself, and ends when it is cancelled")
    func running() async throws {
        try await withLedger { ledger in
            try await age(ledger, rows: 20)
            let running = Task { await janitor(ledger).run() }
            try await eventually("the old rows to be gone") { try await steps(ledger) == 1 }
            running.cancel()
            try await inTime { await running.value }
        }
    }

    @Test("leaves the work to the process that has it")
    func leased() async throws {
        try await withLedger { ledger in
            try await age(ledger, rows: 4)
            let isTaken = try await ledger.write {
                try $0.takeMaintenance(
                    Janitor.task, holder: "w-2", lease: .seconds(60), now: Timestamp.now().microseconds)
            }
            #expect(isTaken)
            #expect(try await janitor(ledger, "w-1").sweep() == 0)
            #expect(try await janitor(ledger, "w-2").sweep() == 4)
        }
    }
}
