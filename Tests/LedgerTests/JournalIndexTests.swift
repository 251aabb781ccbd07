import Testing

@testable import Ledger

@Suite("The journal's indexes")
struct JournalIndexTests {
    private static func step(_ number: Int) -> JournalEntry {
        JournalEntry(
            at: Int64(number), messageID: "m-\(number % 100)", subject: "S-\(number % 70)", stage: "applied", code: "ok"
        )
    }

    private static func append(_ numbers: Range<Int>, _ ledger: Ledger) async throws {
        try await ledger.write { transaction in for number in numbers { try transaction.journal(step(number)) } }
    }

    private static func numbers(_ ledger: Ledger, subject: String) async throws -> [Int64] {
        try await ledger.read { try $0.journalEntries(subject: subject, limit: .max).map(\.at) }
    }

    private static func numbers(_ ledger: Ledger, message: String) async throws -> [Int64] {
        try await ledger.read { try $0.journalEntries(messageID: message, limit: .max).map(\.at) }
    }

    private static func expected(_ range: Range<Int>, every step: Int, _ rest: Int) -> [Int64] {
        range.filter { $0 % step == rest }.map { Int64($0) }
    }

    private static func indexed(_ ledger: Ledger) async throws -> [Int64] {
        try await ledger.read { snapshot in
            try [
                "SELECT count(*) FROM journal_by_subject", "SELECT count(*) FROM journal_by_message",
                "SELECT through FROM journal_index",
            ].map { try snapshot.query(text: $0) { $0.integer(0) }.first ?? -1 }
        }
    }

    @Test("steps are found in indexed chunks and behind them, in their order, and none twice")
    func everywhere() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.append(1..<20_001, ledger)
            // The last chunk is not complete.
            #expect(try await Self.indexed(ledger) == [16_383, 16_383, 1])
            #expect(try await Self.numbers(ledger, subject: "S-3") == Self.expected(1..<20_001, every: 70, 3))
            #expect(try await Self.numbers(ledger, message: "m-99") == Self.expected(1..<20_001, every: 100, 99))
            let newest = try await ledger.read { try $0.journalEntries(subject: "S-3", limit: 2).map(\.at) }
            #expect(newest == Array(Self.expected(1..<20_001, every: 70, 3).suffix(2)))
            let recent = try await ledger.read { try $0.journalEntries(subject: "S-3", limit: .max, chunks: 2) }
            #expect(recent.map(\.at) == Self.expected(8_192..<20_001, every: 70, 3))
        }
    }

    @Test("a transaction that is taken back takes its chunk out of the indexes")
    func rolledBack() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.append(1..<8_000, ledger)
            await #expect(throws: CancellationError.self) {
                try await ledger.write { transaction in
                    for number in 8_000..<9_000 { try transaction.journal(Self.step(number)) }
                    throw CancellationError()
                }
            }
            #expect(try await Self.indexed(ledger) == [0, 0, -1])
            try await Self.append(8_000..<9_000, ledger)
            #expect(try await Self.numbers(ledger, subject: "S-3") == Self.expected(1..<9_000, every: 70, 3))
        }
    }

    @Test("steps that are removed leave the indexes, and a journal that was emptied begins anew")
    func removed() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.append(1..<20_000, ledger)
            try await ledger.write { _ = try $0.execute("DELETE FROM journal WHERE id < 5000") }
            #expect(try await Self.indexed(ledger) == [11_384, 11_384, 1])
            #expect(try await Self.numbers(ledger, subject: "S-3") == Self.expected(5_000..<20_000, every: 70, 3))
            try await ledger.write { _ = try $0.execute("DELETE FROM journal") }
            #expect(try await Self.numbers(ledger, subject: "S-3").isEmpty)
            try await Self.append(1..<9_000, ledger)
            #expect(try await Self.indexed(ledger) == [8_191, 8_191, 0])
            #expect(try await Self.numbers(ledger, subject: "S-3") == Self.expected(1..<9_000, every: 70, 3))
        }
    }

    @Test("what somebody appends by statements of his own is found before it is indexed, and after")
    func stranger() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction in
                _ = try transaction.execute(text: Self.many)
            }
            let wanted = Self.expected(1..<30_001, every: 70, 3)
            #expect(try await Self.numbers(ledger, subject: "S-3") == wanted)
            for _ in 0..<2 {
                try await ledger.write { try $0.indexJournal() }
                #expect(try await Self.indexed(ledger) == [24_575, 24_575, 2])
                #expect(try await Self.numbers(ledger, subject: "S-3") == wanted)
            }
        }
    }

    @Test("an older ledger's steps are all found after its migration")
    func migrated() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let before = Array(LedgerSchema.migrations.prefix(5))
        let old = try Ledger.open(path: folder.file, options: .init(), migrations: before)
        try await old.write { transaction in _ = try transaction.execute(text: Self.many) }
        await old.close()
        let ledger = try Ledger.open(path: folder.file)
        #expect(try await Self.indexed(ledger) == [24_575, 24_575, 2])
        #expect(try await Self.numbers(ledger, subject: "S-3") == Self.expected(1..<30_001, every: 70, 3))
        #expect(try await Self.numbers(ledger, message: "m-1") == Self.expected(1..<30_001, every: 100, 1))
        await ledger.close()
    }

    private static let many = """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        INSERT INTO journal (at, subject, message_id, stage, code)
        SELECT i, 'S-' || (i % 70), 'm-' || (i % 100), 'applied', 'ok' FROM n
        """
}
