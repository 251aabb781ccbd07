import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// What comes of letters that were sent back.
@Suite("Waiting for outcomes")
struct OutcomeWatchTests {
    @Test("a letter is applied when it is resolved, and has failed again when it is open anew")
    func outcomes() async throws {
        try await watching(["a", "b", "c", "d"]) { watch, letters, ledger in
            try await ledger.write { transaction in
                try Self.record(transaction, "a", .resolved)
                try Self.record(transaction, "b", .open, "other", failedAt: 2_000_000_000_000_000)
                try Self.record(transaction, "c", .replayed)
                // Sent by somebody, and not marked: as it was.
                try Self.record(transaction, "d", .open)
            }
            let outcome = try await watch.wait(for: letters)
            #expect(outcome.applied == 1 && outcome.failed == ["b"] && outcome.repeated == nil)
            #expect(outcome.pending.map(\.id) == ["c", "d"])
        }
    }

    @Test("one that fails for the cause that it had ends the waiting at once")
    func repeated() async throws {
        try await watching(["a", "b"], patience: .seconds(3_600)) { watch, letters, ledger in
            try await ledger.write { transaction in
                try Self.record(transaction, "a", .open, failedAt: 2_000_000_000_000_000)
                try Self.record(transaction, "b", .replayed)
            }
            let outcome = try await watch.wait(for: letters)
            #expect(outcome.repeated == .init(id: "a", sentence: "No."))
        }
    }

    @Test("it ends as soon as all is known, however much patience there is")
    func soon() async throws {
        try await watching(["a"], patience: .seconds(3_600)) { watch, letters, ledger in
            try await ledger.write { try Self.record($0, "a", .replayed) }
            let waiting = Task { try await watch.wait(for: letters) }
            try await ledger.write { try Self.record($0, "a", .resolved) }
            #expect(try await waiting.value.applied == 1)
        }
    }

    @Test("what the index does not know is applied when its revision is")
    func unindexed() async throws {
        try await watching(["a"]) { watch, _, ledger in
            let body = String(decoding: try Letters.order("SO-9", id: "a"), as: UTF8.self)
            let letter = Letters.make(id: "a", body: body)
            #expect(try await watch.wait(for: [WatchedLetter(letter)]).pending.count == 1)
            let key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            try await ledger.write { _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
            #expect(try await watch.wait(for: [WatchedLetter(letter)]).applied == 1)
        }
    }

    @Test("one whose revision has arrived with other content is not applied")
    func conflict() async throws {
        try await watching(["a"]) { watch, _, ledger in
            let letter = Letters.make(
                id: "a", body: String(decoding: try Letters.order("SO-9", id: "a"), as: UTF8.self))
            var key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            key.hash = ContentDigest(high: 1, low: 2)
            try await ledger.write { [key] in _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
            #expect(try await watch.wait(for: [WatchedLetter(letter)]).pending.count == 1)
        }
    }

    @Test("a new cause is met once, and ends the waiting when it comes again, in whichever step")
    func newCause() async throws {
        try await watching(["a", "b"]) { watch, letters, ledger in
            try await ledger.write { try Self.record($0, "a", .open, "new", failedAt: 2_000_000_000_000_000) }
            let first = try await watch.wait(for: [letters[0]])
            #expect(first.failed == ["a"] && first.repeated == nil && first.causes == ["new"])
            try await ledger.write { try Self.record($0, "b", .open, "new", failedAt: 2_000_000_000_000_000) }
            let second = try await watch.wait(for: [letters[1]], knowing: first.causes)
            #expect(second.repeated?.id == "b")
        }
    }

    @Test("a row that had told of a later failure before the letter was sent says nothing")
    func twin() async throws {
        try await watching(["a"]) { watch, letters, ledger in
            try await ledger.write { try Self.record($0, "a", .open, failedAt: 2_000_000_000_000_000) }
            var letter = letters[0]
            letter.failedAt = 2_000_000_000_000_000
            #expect(try await watch.wait(for: [letter]).pending.count == 1)
        }
    }

    // MARK: - Helpers

    private static func record(
        _ transaction: LedgerTransaction, _ id: String, _ state: DeadLetterState, _ fingerprint: String = "f",
        failedAt: Int64 = 1_772_359_200_000_000
    ) throws {
        try transaction.recordDeadLetter(
            DeadLetterRecord(
                id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", code: "c", category: "rejected",
                sentence: "No.", fingerprint: fingerprint, attempts: 1, firstFailedAt: 1, lastFailedAt: failedAt,
                state: state))
    }

    private func watching(
        _ ids: [String], patience: Duration = .zero,
        _ body: (OutcomeWatch, [WatchedLetter], Ledger) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            let letters = ids.map { id in
                WatchedLetter(
                    Letters.make(
                        id: id, headers: ["stevedore-fingerprint": "f"], lastFailedAt: "2026-03-01T10:00:00Z"))
            }
            let watch = OutcomeWatch(
                ledger: ReplayLedger(ledger: ledger), interruption: Interruption(), patience: patience,
                pause: .milliseconds(2))
            try await body(watch, letters, ledger)
            await ledger.close()
        }
    }
}
