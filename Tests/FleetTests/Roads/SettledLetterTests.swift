import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

/// What a projection does to the dead letters of its object.
@Suite struct SettledLetterTests {
    private func record(_ id: String, revision: Int64, _ state: DeadLetterState, _ ledger: Ledger) async throws {
        let letter = DeadLetterRecord(
            id: id, queue: "q", flow: Samples.queue, type: Catalogue.orderStatus.name, subject: "A", revision: revision,
            code: "c", category: "rejected", sentence: "s", fingerprint: "f", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1, state: state)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    private func states(_ ledger: Ledger) async throws -> [String: DeadLetterState] {
        let letters = try await ledger.read { try $0.deadLetters(.init(state: nil)) }
        return Dictionary(letters.map { ($0.id, $0.state) }) { first, _ in first }
    }

    @Test("a dead letter is resolved when its revision is applied after all, or a newer one is; a newer letter stays")
    func resolved() async throws {
        try await withLedger { ledger in
            try await record("replayed", revision: 2, .replayed, ledger)
            try await record("older", revision: 1, .open, ledger)
            try await record("newer", revision: 3, .open, ledger)
            try await ProjectionRig(ledger).work([try Samples.statusBody("A", revision: 2)])
            #expect(try await states(ledger) == ["replayed": .resolved, "older": .resolved, "newer": .open])
        }
    }

    @Test("a dead letter is resolved when its replay finds its revision applied or overtaken")
    func overtaken() async throws {
        try await withLedger { ledger in
            let newest = try Samples.statusBody("A", revision: 3)
            try await ProjectionRig(ledger).work([newest])
            try await record("twin", revision: 3, .replayed, ledger)
            try await ProjectionRig(ledger).work([newest])
            #expect(try await states(ledger) == ["twin": .resolved])
            try await record("late", revision: 2, .replayed, ledger)
            try await ProjectionRig(ledger).work([try Samples.statusBody("A", revision: 2)])
            #expect(try await states(ledger)["late"] == .resolved)
            let note = try await ledger.read { try $0.deadLetter(id: "late")?.note }
            #expect(note == "overtaken by revision 3")
        }
    }
}
