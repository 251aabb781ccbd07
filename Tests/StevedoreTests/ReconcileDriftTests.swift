import FleetTesting
import Ledger
import Testing

@testable import Fleet

@Suite("What is remembered of drift")
struct ReconcileDriftTests {
    private func with(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DriftTable.migrate(ledger)
            try await ledger.write { try body($0) }
            await ledger.close()
        }
    }

    private static func drift(_ subject: String, at time: Int64, kind: String = "products") -> Drift {
        Drift(kind: kind, subject: subject, what: .differing, digest: "d", since: time, seenAt: time)
    }

    @Test("a run that began earlier and ends later takes nothing from one that began after it, nor the other way round")
    func twoRuns() async throws {
        try await with { transaction in
            _ = try transaction.remember(Self.drift("A", at: 10))
            _ = try transaction.remember(Self.drift("A", at: 20))
            _ = try transaction.remember(Self.drift("B", at: 20))
            _ = try transaction.forgetDrift(of: "products", notSeenAt: 20)
            let isNews = try transaction.remember(Self.drift("A", at: 10))
            let forgotten = try transaction.forgetDrift(of: "products", notSeenAt: 10)
            let known = try transaction.drift()
            #expect(!isNews && forgotten == 0)
            #expect(known.map(\.subject) == ["A", "B"] && known.map(\.since) == [10, 20])
            #expect(known.map(\.seenAt) == [20, 20])
        }
    }

    @Test("what a later run does not see is over, and so is what a clock that was ahead has left behind")
    func over() async throws {
        try await with { transaction in
            _ = try transaction.remember(Self.drift("A", at: 10))
            _ = try transaction.remember(Self.drift("B", at: .max))
            _ = try transaction.remember(Self.drift("C", at: 20))
            let forgotten = try transaction.forgetDrift(of: "products", notSeenAt: 20)
            let known = try transaction.drift()
            #expect(forgotten == 2 && known.map(\.subject) == ["C"])
        }
    }

    @Test("when it began, and what is newest of it, is known of every kind, however much there is of another")
    func spans() async throws {
        try await with { transaction in
            for number in 0..<50 { _ = try transaction.remember(Self.drift("P-\(number)", at: 10)) }
            _ = try transaction.remember(Self.drift("P-9", at: 30, kind: "stock/EAST"))
            _ = try transaction.remember(Self.drift("P-8", at: 40, kind: "stock/EAST"))
            _ = try transaction.remember(Self.drift("P-LAST", at: 50))
            let spans = try transaction.driftSpans()
            #expect(spans == ["products": 10...50, "stock/EAST": 30...40])
            let newest = try transaction.driftSubjects(of: "products", limit: 2)
            let stock = try transaction.driftSubjects(of: "stock/EAST", limit: 10)
            #expect(newest == ["P-LAST", "P-0"] && stock == ["P-8", "P-9"])
        }
    }
}
