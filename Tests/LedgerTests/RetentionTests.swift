import Testing

@testable import Ledger

@Suite("Retention")
struct RetentionTests {
    private static let day: Int64 = 86_400_000_000
    private static let now = 1_000 * day
    private static let retention = LedgerRetention(
        journal: .seconds(90 * 86_400), payload: .seconds(30 * 86_400), deadLetter: .seconds(180 * 86_400))

    private func ago(_ days: Int64) -> Int64 { Self.now - days * Self.day }

    /// A whole sweep in steps of `limit` rows; how many rows went.
    private func sweep(_ ledger: Ledger, limit: Int = 3) async throws -> Int {
        var removed = 0
        var position: RetentionSweep? = RetentionSweep()
        while let current = position {
            let step = try await ledger.write {
                try $0.prune(current, keeping: Self.retention, limit: limit, now: Self.now)
            }
            #expect(step.removed <= limit)
            removed += step.removed
            position = step.next
        }
        return removed
    }

    private func letter(_ id: String, _ state: DeadLetterState, at time: Int64, payload: String? = nil)
        -> DeadLetterRecord
    {
        DeadLetterRecord(
            id: id, queue: "q", flow: "f", type: "t", subject: id, revision: 1, code: "c", category: "rejected",
            sentence: "s", fingerprint: "p", attempts: 1, firstFailedAt: time, lastFailedAt: time, state: state,
            payload: payload)
    }

    private func column(_ sql: String, _ ledger: Ledger) async throws -> [String] {
        try await ledger.read { try $0.query(text: sql) { $0.text(0) } }
    }

    @Test("what is old goes in small steps, what is young stays")
    func ages() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for number in 0..<20 {
                    let time = ago(number < 13 ? 91 : 89)
                    try transaction.journal(JournalEntry(at: time, messageID: "m-\(number)", stage: "s", code: "ok"))
                }
                for number in 0..<10 {
                    try transaction.storePayload(id: "p-\(number)", body: [1], at: ago(number < 4 ? 31 : 29))
                }
                try transaction.recordDeadLetter(letter("old", .resolved, at: ago(181)))
                try transaction.recordDeadLetter(letter("gone", .discarded, at: ago(181)))
                try transaction.recordDeadLetter(letter("young", .resolved, at: ago(179)))
            }
            #expect(try await sweep(ledger) == 13 + 4 + 2)
            #expect(try await column("SELECT id FROM dead_letter", ledger) == ["young"])
            #expect(try await column("SELECT message_id FROM journal", ledger) == (13..<20).map { "m-\($0)" })
            #expect(try await column("SELECT id FROM payload", ledger) == (4..<10).map { "p-\($0)" })
            #expect(try await sweep(ledger) == 0)
        }
    }

    @Test("what is open stays whatever its age, and keeps nothing behind it from going")
    func open() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                // Far more open rows than one step looks at.
                for number in 0..<20 {
                    let id = "open-\(number)"
                    try transaction.storePayload(id: id, body: [1], at: ago(900))
                    try transaction.journal(JournalEntry(at: ago(900), messageID: id, stage: "s", code: "ok"))
                    let state: DeadLetterState = number % 2 == 0 ? .open : .replayed
                    try transaction.recordDeadLetter(letter(id, state, at: ago(900)))
                }
                try transaction.storePayload(id: "open-0#7", body: [2], at: ago(900))
                try transaction.recordDeadLetter(letter("open-0", .open, at: ago(900), payload: "open-0#7"))
                try transaction.storePayload(id: "open-1#7", body: [2], at: ago(900))
                try transaction.recordDeadLetter(letter("open-1", .replayed, at: ago(900), payload: "open-1#7"))
                try transaction.storePayload(id: "closed", body: [1], at: ago(900))
                try transaction.journal(JournalEntry(at: ago(900), messageID: "closed", stage: "s", code: "ok"))
                try transaction.recordDeadLetter(letter("closed", .resolved, at: ago(900)))
            }
            #expect(try await sweep(ledger) == 3)
            #expect(try await column("SELECT id FROM dead_letter", ledger).count == 20)
            #expect(try await column("SELECT id FROM payload", ledger).count == 22)
            #expect(try await column("SELECT message_id FROM journal", ledger).count == 20)
        }
    }

    @Test("rows that a wrong clock wrote keep nothing behind them from going")
    func wrongClock() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for number in 0..<10 {
                    try transaction.journal(
                        JournalEntry(
                            at: Self.now + Self.day, messageID: "future-\(number)", stage: "s", code: "ok"))
                }
                try transaction.journal(JournalEntry(at: ago(91), messageID: "old", stage: "s", code: "ok"))
            }
            #expect(try await sweep(ledger) == 1)
        }
    }

    @Test("what has been applied, and the revisions we state, stay for ever")
    func forEver() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                _ = try transaction.claimAndComplete(key(), holder: "w", now: ago(900))
                _ = try transaction.nextRevision(family: "f", subject: "s")
                try transaction.addAlias(kind: "k", value: "v", family: "order", subject: "A-1")
                try transaction.enqueueOutbox(
                    OutboxMessage(
                        id: "o", exchange: "e", routingKey: "k", contentType: "c", type: "t", subject: "s", revision: 1,
                        body: []), at: ago(900))
            }
            #expect(try await sweep(ledger) == 0)
            #expect(try await ledger.write { try $0.nextRevision(family: "f", subject: "s") } == 2)
            #expect(try await ledger.read { try $0.subjectState(family: "order", subject: "A-1")?.revision } == 1)
            #expect(try await ledger.read { try $0.subjects(forAlias: "v").count } == 1)
            #expect(try await ledger.read { try $0.outboxCount() } == 1)
        }
    }

    @Test("marks of replays and imports go with the letters they belong to", arguments: ["replay", "letter_import"])
    func marks(table: String) async throws {
        try await withLedger { ledger, _ async throws in
            let script = "CREATE TABLE \(table) (mark TEXT PRIMARY KEY, letter TEXT, at INTEGER) WITHOUT ROWID"
            _ = try await ledger.write { try $0.execute(text: script) }
            let insert = "INSERT INTO \(table) VALUES (?, ?, ?)"
            try await ledger.write { transaction throws in
                try transaction.recordDeadLetter(letter("open", .replayed, at: ago(900)))
                for number in 0..<10 {
                    let owner = number < 5 ? "open" : "closed"
                    try transaction.execute(
                        text: insert, [.text("m-\(number)"), .text(owner), .integer(ago(900))])
                }
                try transaction.execute(text: insert, [.text("young"), .text("closed"), .integer(ago(1))])
            }
            #expect(try await sweep(ledger) == 5)
            #expect(try await column("SELECT mark FROM \(table)", ledger) == (0..<5).map { "m-\($0)" } + ["young"])
        }
    }

    /// As a newer `dead-letter` keeps its marks.
    private static let letterTable = """
        CREATE TABLE replay (
            letter TEXT NOT NULL, mark TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (letter, mark)
        ) WITHOUT ROWID
        """

    @Test("marks that are kept by letter go as well, those of one letter and of many")
    func marksByLetter() async throws {
        try await withLedger { ledger, _ async throws in
            _ = try await ledger.write { try $0.execute(text: Self.letterTable) }
            try await ledger.write { transaction throws in
                try transaction.recordDeadLetter(letter("open", .replayed, at: ago(900)))
                for number in 0..<20 {
                    let owner = number < 5 ? "open" : number < 12 ? "closed" : "closed-\(number)"
                    // The marks of a letter are spread.
                    let (mark, at) = ("m-\(number * 7 % 20)", ago(number == 19 ? 1 : 900))
                    try transaction.execute(
                        text: "INSERT INTO replay VALUES (?, ?, ?)", [.text(owner), .text(mark), .integer(at)])
                }
            }
            #expect(try await sweep(ledger) == 14)
            let left = try await column("SELECT DISTINCT letter FROM replay ORDER BY letter", ledger)
            #expect(left == ["closed-19", "open"])
            #expect(try await sweep(ledger) == 0)
        }
    }

    @Test("however many marks there are, each step finds its own by their key", arguments: [0, 1])
    func markPlans(index: Int) async throws {
        let (sql, values) = [(ReplayMarkSQL.rows, 3), (ReplayMarkSQL.delete, 2)][index]
        try await withLedger { ledger, _ async throws in
            _ = try await ledger.write { try $0.execute(text: Self.letterTable) }
            let plan = try await ledger.read { snapshot throws in
                try snapshot.query(
                    text: "EXPLAIN QUERY PLAN " + sql, [SQLValue](repeating: .null, count: values)
                ) { $0.text(3) }
            }
            #expect(plan.contains(where: Self.isByKey) && !plan.contains(where: Self.isLong), "\(plan)")
        }
    }

    private static func isByKey(_ step: String) -> Bool { step.hasPrefix("SEARCH replay USING PRIMARY KEY") }
    private static func isLong(_ step: String) -> Bool { step.hasPrefix("SCAN") || step.contains("TEMP B-TREE") }

    @Test("what people did is remembered as long as letters are")
    func actions() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for days in [900, 800, 1] as [Int64] {
                    try transaction.record(
                        OperatorAction(at: ago(days), by: "anna", action: "replay", reason: "\(days)", letters: 1))
                }
            }
            #expect(try await sweep(ledger) == 2)
            #expect(try await column("SELECT reason FROM operator_action", ledger) == ["1"])
        }
    }

    @Test("one process prunes at a time; another takes over when its lease is over")
    func lease() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let take = { (holder: String, now: Int64) in
                    try transaction.takeMaintenance("retention", holder: holder, lease: .seconds(1), now: now)
                }
                #expect(try take("a", 0))
                #expect(try !take("b", 999_999))
                #expect(try take("a", 500_000))
                #expect(try !take("b", 1_000_000))
                #expect(try take("b", 1_500_000))
                #expect(try !take("a", 1_500_001))
            }
        }
    }
    @Test("a task is done by somebody until the lease is over, and by nobody when the clock was set back behind it")
    func maintained() async throws {
        try await withLedger { ledger, _ async throws in
            let now: Int64 = 10_000_000_000
            try await ledger.write { transaction throws in
                #expect(try !transaction.isMaintained("feed", now: now))
                _ = try transaction.takeMaintenance("feed", holder: "a", lease: .seconds(60), now: now)
                #expect(try transaction.isMaintained("feed", now: now + 59_999_999))
                #expect(try !transaction.isMaintained("feed", now: now + 60_000_000))
                #expect(try !transaction.isMaintained("feed", now: now - 3_600_000_000))
            }
        }
    }
}
