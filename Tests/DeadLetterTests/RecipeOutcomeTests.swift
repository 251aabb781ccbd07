import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// What comes of letters that were corrected: the message that takes a letter's place has an id of its own.
@Suite("Waiting for outcomes of corrections")
struct RecipeOutcomeTests {
    private static let failedAt: Int64 = 1_772_359_200_000_000

    private static func letter() throws -> Letter {
        let body = String(decoding: try Letters.order("SO-1", id: "m-1"), as: UTF8.self)
        return Letters.make(
            id: "m-1", body: body, headers: ["stevedore-fingerprint": "f"], lastFailedAt: "2026-03-01T10:00:00Z")
    }

    private static func message(_ letter: Letter) throws -> CorrectedMessage {
        let patch = try JSONPatch(parsing: Array(#"[{"op":"replace","path":"/data/lines/0/sku","value":"X-9"}]"#.utf8))
        let order = ReplayOrder(by: "anna", reason: "test")
        return try LetterEdit(.patch(patch), order, at: .epoch).corrected(letter, id: "new-1")
    }

    private static func record(
        _ id: String, _ state: DeadLetterState, _ fingerprint: String, failedAt: Int64 = Self.failedAt,
        _ ledger: Ledger
    ) async throws {
        try await ledger.write { transaction in
            try transaction.recordDeadLetter(
                DeadLetterRecord(
                    id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", code: "c", category: "rejected",
                    sentence: "No.", fingerprint: fingerprint, attempts: 1, firstFailedAt: 1, lastFailedAt: failedAt,
                    state: state))
        }
    }

    /// Of a letter that was corrected, once the ledger says what it says then.
    private static func outcome(
        patience: Duration = .zero, _ prepare: (Ledger) async throws -> Void
    ) async throws -> StepOutcome {
        try await TemporaryDirectory.with { folder in
            let ledger = try Ledger.open(path: folder.file("ledger.db"))
            try await record("m-1", .replayed, "f", ledger)
            try await prepare(ledger)
            let watch = OutcomeWatch(
                ledger: ReplayLedger(ledger: ledger), interruption: Interruption(), patience: patience,
                pause: .milliseconds(2))
            let letter = try Self.letter()
            let message = try Self.message(letter)
            let outcome = try await watch.wait(for: [WatchedLetter(letter, correctedTo: message)])
            await ledger.close()
            return outcome
        }
    }

    @Test("nothing is known while neither message is heard of")
    func pending() async throws {
        let outcome = try await Self.outcome { _ in }
        #expect(outcome.pending.map(\.id) == ["m-1"] && outcome.applied == 0)
    }

    @Test("the corrected message is applied when its revision is")
    func applied() async throws {
        let outcome = try await Self.outcome { ledger in
            let message = try Self.message(try Self.letter())
            let key = FleetTopology.claimKey(of: message.content, in: "orders.to-erp")
            try await ledger.write { _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
        }
        #expect(outcome.applied == 1 && outcome.pending.isEmpty)
    }

    @Test("and when its letter is resolved")
    func resolved() async throws {
        let outcome = try await Self.outcome { try await Self.record("m-1", .resolved, "f", $0) }
        #expect(outcome.applied == 1)
    }

    @Test("failing for the cause that the letter had, it ends the waiting, under its own id")
    func repeated() async throws {
        let outcome = try await Self.outcome(patience: .seconds(3_600)) { ledger in
            try await Self.record("new-1", .open, "f", failedAt: Self.failedAt + 1, ledger)
        }
        #expect(outcome.repeated == .init(id: "new-1", sentence: "No.") && outcome.failed == ["new-1"])
    }

    @Test("failing for another cause, it has failed and is no reason to stop")
    func otherCause() async throws {
        let outcome = try await Self.outcome { ledger in
            try await Self.record("new-1", .open, "g", failedAt: Self.failedAt + 1, ledger)
        }
        #expect(outcome.repeated == nil && outcome.failed == ["new-1"] && outcome.pending.isEmpty)
    }
}
