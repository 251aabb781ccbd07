import Testing

@testable import Ledger

@Suite("Causes that changed")
struct ChangedCauseTests {
    private static func letter(_ id: String, _ fingerprint: String, at time: Int64 = 10) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.dead", flow: "orders", code: "sku.unknown", category: "rejected",
            sentence: "SKU X is unknown.", remedy: "Create it.", fingerprint: fingerprint, attempts: 1,
            firstFailedAt: time, lastFailedAt: time)
    }

    private static func changed(_ ledger: Ledger) async throws -> [ChangedCause] {
        try await ledger.read { try $0.changedCauses(limit: 10) }
    }

    private static func look(_ ledger: Ledger) async throws {
        try await ledger.write { transaction in
            for cause in try transaction.changedCauses(limit: 100) {
                try transaction.forgetChanges(of: cause.fingerprint, upTo: cause.changes)
            }
        }
    }

    @Test("whoever changes a letter or says something of its cause is noticed, and looking once is enough")
    func noticed() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction in
                for id in ["1", "2"] { try transaction.recordDeadLetter(Self.letter(id, "a")) }
                try transaction.recordDeadLetter(Self.letter("3", "b"))
            }
            #expect(try await Self.changed(ledger).map(\.fingerprint) == ["a", "b"])
            try await Self.look(ledger)
            #expect(try await Self.changed(ledger).isEmpty)
            try await ledger.write { _ = try $0.updateDeadLetter(id: "1", from: .open, to: .replayed) }
            #expect(try await Self.changed(ledger).map(\.fingerprint) == ["a"])
            try await Self.look(ledger)
            try await ledger.write { transaction in
                _ = try transaction.setGroupNote(.assignee("anna"), of: "b", by: "anna", reason: "r", at: 1)
            }
            #expect(try await Self.changed(ledger).map(\.fingerprint) == ["b"])
        }
    }

    @Test("a letter that fails again for another reason changes both causes")
    func moved() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { try $0.recordDeadLetter(Self.letter("1", "a")) }
            try await Self.look(ledger)
            try await ledger.write { try $0.recordDeadLetter(Self.letter("1", "b", at: 20)) }
            #expect(try await Self.changed(ledger).map(\.fingerprint) == ["a", "b"])
        }
    }

    @Test("a change while somebody looks is not forgotten")
    func raced() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { try $0.recordDeadLetter(Self.letter("1", "a")) }
            let seen = try await Self.changed(ledger)[0]
            try await ledger.write { try $0.recordDeadLetter(Self.letter("2", "a")) }
            try await ledger.write { try $0.forgetChanges(of: seen.fingerprint, upTo: seen.changes) }
            #expect(try await Self.changed(ledger).map(\.fingerprint) == ["a"])
        }
    }

    @Test("what the worker advised is kept with the letter")
    func remedy() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { try $0.recordDeadLetter(Self.letter("1", "a")) }
            let letter = try await ledger.read { try $0.deadLetter(id: "1") }
            #expect(letter?.remedy == "Create it.")
            let pages = try await ledger.read { try $0.deadLetters(behind: 0, state: .open, limit: 5) }
            #expect(pages.map(\.record.remedy) == ["Create it."])
        }
    }
}
