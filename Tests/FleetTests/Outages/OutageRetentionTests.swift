import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("Outages of long ago")
struct OutageRetentionTests {
    private static let day: Int64 = 86_400_000_000

    /// So many days before now.
    private static func ago(_ days: Int64) -> Int64 { Timestamp.now().microseconds - days * day }

    private static func janitor(_ ledger: Ledger) -> Janitor {
        Janitor(
            ledger: ledger, holder: "w-1",
            retention: LedgerRetention(journal: .seconds(60), payload: .seconds(60), deadLetter: .seconds(60)),
            logger: Samples.quiet, rowsPerStep: 3, pause: .zero, rest: .seconds(60))
    }

    /// One that began and ended so many days ago, with this many notes.
    private static func add(
        _ ledger: Ledger, days: Int64, ended: Bool = true, window: Int64? = nil, notes: Int64 = 7
    ) async throws {
        let time = ago(days)
        try await ledger.write { transaction in
            var outage = Outage(of: "erp", because: CallRig.outage, at: time)
            outage.number = try transaction.nextOutageNumber()
            outage.window = window
            if ended { outage.ended(at: time) }
            try transaction.save(outage)
            for note in 0..<notes {
                try transaction.record(OutageSample(outage: outage.number, at: time + note, queue: "q", ready: note))
            }
        }
    }

    private static func plan(_ ledger: Ledger, days: Int64) async throws {
        let time = ago(days)
        _ = try await ledger.write { transaction in
            try transaction.plan(
                MaintenanceWindow(
                    destination: "erp", startsAt: time - 1, endsAt: time, reason: "Update.", plannedBy: "anna",
                    plannedAt: time - 2))
        }
    }

    private static func counts(_ ledger: Ledger) async throws -> [Int64] {
        try await ledger.read { snapshot in
            try ["outage", "outage_sample", "maintenance_window"].flatMap { table in
                try snapshot.query(text: "SELECT count(*) FROM \(table)") { $0.integer(0) }
            }
        }
    }

    @Test("go after a year, with all that was noted of them, and younger ones stay")
    func year() async throws {
        try await withLedger { ledger in
            for days: Int64 in [500, 400, 366, 364, 1] { try await Self.add(ledger, days: days) }
            let removed = try await Self.janitor(ledger).sweep()
            let left = try await ledger.read { try $0.outages(limit: 10) }.map(\.number)
            #expect(removed == 3 * 8 && left == [5, 4])
            #expect(try await Self.counts(ledger) == [2, 14, 0])
            #expect(try await Self.janitor(ledger).sweep() == 0)
        }
    }

    @Test("stay while they last, and the newest for its number")
    func lasting() async throws {
        try await withLedger { ledger in
            try await Self.add(ledger, days: 500, ended: false, notes: 1)
            try await Self.add(ledger, days: 450, notes: 1)
            #expect(try await Self.janitor(ledger).sweep() == 0)
            #expect(try await Self.counts(ledger) == [2, 2, 0])
        }
    }

    @Test("take the windows that were planned for them along")
    func windows() async throws {
        try await withLedger { ledger in
            for days: Int64 in [500, 400, 390, 10] { try await Self.plan(ledger, days: days) }
            try await Self.add(ledger, days: 500, window: 1, notes: 0)
            try await Self.add(ledger, days: 100, window: 2, notes: 0)
            #expect(try await Self.janitor(ledger).sweep() == 3)
            let left = try await ledger.read { try $0.maintenanceWindows(limit: 10) }.map(\.number)
            #expect(left == [4, 2])
        }
    }
}
