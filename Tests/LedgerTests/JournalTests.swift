import Ledger
import Testing

@Suite("The journal's gaps")
struct JournalTests {
    @Test("what retention has left out is passed over in one step", .timeLimit(.minutes(1)))
    func pruned() async throws {
        try await withLedger { ledger, _ async throws in
            // Between them lie chunks that nobody could go through one by one.
            let numbers: [Int64] = [1, 9_000, 1 << 40]
            try await ledger.write { transaction throws in
                for number in numbers {
                    try transaction.execute(
                        """
                        INSERT INTO journal (id, at, subject, message_id, stage, code)
                        VALUES (?, ?, 'A', 'm', 'applied', 'ok')
                        """, .integer(number), .integer(number))
                }
            }
            for isIndexed in [false, true] {
                if isIndexed { try await ledger.write { try $0.indexJournal() } }
                let found = try await ledger.read { try $0.journalEntries(subject: "A").map(\.at) }
                #expect(found == numbers)
                let byMessage = try await ledger.read { try $0.journalEntries(messageID: "m").map(\.at) }
                #expect(byMessage == numbers)
            }
            let nothing = try await ledger.read { try $0.journalEntries(subject: "B") }
            #expect(nothing.isEmpty)
        }
    }

    @Test("an empty journal has no steps")
    func empty() async throws {
        try await withLedger { ledger, _ async throws in
            let found = try await ledger.read { try $0.journalEntries(subject: "A") }
            #expect(found.isEmpty)
        }
    }
}
