internal import Fleet
internal import Ledger
internal import Models

/// What the ledger remembers of replays: which letters have been published again, so that a run after a crash does
/// exactly the rest; and the journal, for whoever asks later.
struct ReplayLedger: Sendable {
    private let ledger: Ledger

    /// Opens the ledger and makes room for the marks.
    static func open(_ configuration: Configuration) async throws(ProgramError) -> ReplayLedger {
        guard LedgerFile.exists(configuration) else { throw missing(configuration.ledgerPath) }
        do {
            let ledger = try Ledger.open(path: configuration.ledgerPath)
            try await ledger.migrate(component: "dead-letter", [marks])
            return ReplayLedger(ledger: ledger)
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    private static func missing(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path) to write the replay down in.",
            remedy: "Run this where the workers run, or set ledger.path. --without-ledger replays without a record.",
            exit: .configuration)
    }

    /// Whether this very letter was published again already.
    func wasReplayed(_ letter: Letter) async throws(ProgramError) -> Bool {
        let mark = letter.mark
        do {
            return try await ledger.read { snapshot in
                try snapshot.first("SELECT 1 FROM replay WHERE mark = ?", .text(mark)) { $0.integer(0) } != nil
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    /// Writes down that the broker has the copies.
    func record(_ letters: [Letter], _ order: ReplayOrder, at now: Timestamp) async throws(ProgramError) {
        do {
            try await ledger.write { transaction in
                for letter in letters { try transaction.record(letter, order, at: now.microseconds) }
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    func close() async { await ledger.close() }

    private static let marks = LedgerMigration(
        number: 1, name: "replays",
        script: """
            -- Dead letters that the broker has confirmed again; a mark names one letter, not one message.
            CREATE TABLE replay (
                mark TEXT PRIMARY KEY,
                letter TEXT NOT NULL,
                at INTEGER NOT NULL,
                by TEXT NOT NULL,
                reason TEXT NOT NULL
            ) WITHOUT ROWID;
            """)
}

extension LedgerTransaction {
    fileprivate func record(_ letter: Letter, _ order: ReplayOrder, at now: Int64) throws {
        _ = try execute(
            "INSERT OR IGNORE INTO replay (mark, letter, at, by, reason) VALUES (?, ?, ?, ?, ?)",
            .text(letter.mark), .text(letter.id), .integer(now), .text(order.by), .text(order.reason))
        // Unless it has failed again since: then the row tells of the newer letter.
        _ = try execute(
            """
            UPDATE dead_letter SET state = 'replayed', note = ? WHERE id = ? AND state = 'open' AND last_failed_at <= ?
            """,
            .text("\(order.by): \(order.reason)"), .text(letter.id),
            .integer(letter.lastFailedAt?.microseconds ?? 0))
        try journal(
            JournalEntry(
                at: now, messageID: letter.id, type: letter.type, subject: letter.subject, revision: letter.revision,
                stage: "replayed", code: letter.code, detail: order.reason, worker: order.by,
                attempt: letter.attempts))
    }
}
