internal import Fleet
internal import Ledger
internal import Models

/// What the ledger remembers of imports: which letters have been put back, so that a run after a crash does exactly the
/// rest; the index; and the journal, for whoever asks later.
struct ImportLedger: Sendable {
    private let ledger: Ledger

    /// Opens the ledger and makes room for the marks; a dry run changes nothing.
    static func open(_ configuration: Configuration, isDryRun: Bool) async throws(ProgramError) -> ImportLedger {
        let path = configuration.ledgerPath
        guard LedgerFile.exists(configuration) else { throw missing(path) }
        do {
            if isDryRun { return ImportLedger(ledger: try Ledger.openReadOnly(path: path)) }
            let ledger = try Ledger.open(path: path)
            try await ledger.migrate(component: "dead-letter-import", [marks])
            return ImportLedger(ledger: ledger)
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    private static func missing(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path) to write the import down in.",
            remedy: "Run this where the workers run, or set ledger.path. `dead-letter reindex` makes a lost one anew.",
            exit: .configuration)
    }

    /// What is known of each of the letters.
    func memories(of letters: [Letter]) async throws(ProgramError) -> [ImportMemory] {
        do {
            return try await ledger.read { snapshot in
                let hasImports = try snapshot.hasTable("letter_import")
                let hasReplays = try snapshot.hasTable("replay")
                return try letters.map { letter in
                    ImportMemory(
                        standing: try snapshot.standing(of: letter), isIndexed: letter.source != .unrouted,
                        wasImported: try hasImports && snapshot.wasImported(letter),
                        wasReplayed: try hasReplays && snapshot.wasReplayed(letter))
                }
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    /// Writes down that these lie in their queues.
    func record(_ letters: [Letter], _ order: ImportOrder, at now: Timestamp) async throws(ProgramError) {
        do {
            try await ledger.write { transaction in
                let hasReplays = try transaction.hasTable("replay")
                for letter in letters {
                    try transaction.record(letter, order, at: now.microseconds, hasReplays: hasReplays)
                }
                let flows = Set(letters.map(\.flow))
                try transaction.record(
                    OperatorAction(
                        at: now.microseconds, by: order.by, action: "import", reason: order.reason,
                        flow: flows.count == 1 ? flows.first : nil, letters: letters.count, detail: order.file))
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    func close() async { await ledger.close() }

    private static let marks = LedgerMigration(
        number: 1, name: "imports",
        script: """
            -- Dead letters that were put back from a file; a mark names one letter, not one message.
            CREATE TABLE letter_import (
                mark TEXT PRIMARY KEY,
                letter TEXT NOT NULL,
                at INTEGER NOT NULL,
                by TEXT NOT NULL,
                reason TEXT NOT NULL
            ) WITHOUT ROWID;
            """)
}

/// Who imports, why, and from where.
struct ImportOrder: Hashable, Sendable {
    var by: String
    var reason: String
    var file: String
}

extension LedgerSnapshot {
    fileprivate func hasTable(_ name: String) throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", .text(name)) { $0.integer(0) } != nil
    }

    fileprivate func wasImported(_ letter: Letter) throws -> Bool {
        try first("SELECT 1 FROM letter_import WHERE mark = ?", .text(letter.mark)) { $0.integer(0) } != nil
    }

    fileprivate func wasReplayed(_ letter: Letter) throws -> Bool {
        try hasMark(of: letter)
    }
}

extension LedgerTransaction {
    fileprivate func record(_ letter: Letter, _ order: ImportOrder, at now: Int64, hasReplays: Bool) throws {
        try execute(
            "INSERT OR REPLACE INTO letter_import (mark, letter, at, by, reason) VALUES (?, ?, ?, ?, ?)",
            .text(letter.mark), .text(letter.id), .integer(now), .text(order.by), .text(order.reason))
        // Else a replay would take it for done, and only take it off its queue.
        if hasReplays {
            try execute("DELETE FROM replay WHERE letter = ? AND mark = ?", .text(letter.id), .text(letter.mark))
        }
        // A row that tells of a newer failure of the message stays.
        if try standing(of: letter) != .newer { try index(letter, note: "\(order.by): \(order.reason)", at: now) }
        try journal(
            JournalEntry(
                at: now, messageID: letter.id, type: letter.type, subject: letter.subject, revision: letter.revision,
                stage: "imported", code: letter.code, detail: order.reason, worker: order.by,
                attempt: letter.attempts))
    }
}
