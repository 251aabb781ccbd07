internal import Fleet
internal import Ledger
internal import Models

/// The index, as it is rebuilt.
struct ReindexLedger: Sendable {
    /// Nil in a dry run without a ledger.
    private let ledger: Ledger?
    private let isDryRun: Bool

    /// Opens the ledger, and makes a lost one anew; a dry run changes nothing.
    static func open(_ configuration: Configuration, isDryRun: Bool) throws(ProgramError) -> ReindexLedger {
        let path = configuration.ledgerPath
        let exists = LedgerFile.exists(configuration)
        if !exists { remark("there is no ledger at \(path) (ledger.path)" + (isDryRun ? "" : "; making a new one")) }
        do throws(LedgerError) {
            guard isDryRun else { return ReindexLedger(ledger: try Ledger.open(path: path), isDryRun: false) }
            let ledger = try exists ? Ledger.openReadOnly(path: path) : nil
            return ReindexLedger(ledger: ledger, isDryRun: true)
        } catch {
            throw ProgramError(error)
        }
    }

    /// Adds those letters that the index does not have; what it said of each.
    func add(_ letters: [Letter]) async throws(ProgramError) -> [IndexStanding] {
        guard let ledger else { return letters.map { _ in IndexStanding.absent } }
        do {
            if isDryRun {
                return try await ledger.read { snapshot in try letters.map { try snapshot.standing(of: $0) } }
            }
            let now = Timestamp.now().microseconds
            return try await ledger.write { transaction in
                try letters.map { letter in
                    let standing = try transaction.standing(of: letter)
                    if standing == .absent { try transaction.index(letter, at: now) }
                    return standing
                }
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    /// Open rows behind a place, and where to go on; nil at the end.
    func openRows(behind number: Int64) async throws(ProgramError) -> (rows: [DeadLetterRecord], last: Int64?) {
        guard let ledger else { return ([], nil) }
        do {
            return try await ledger.read { snapshot in
                let found = try snapshot.deadLetters(behind: number, state: .open, limit: 1_000)
                return (found.map(\.record), found.last?.number)
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    /// Discards rows that are still open for the same failure; how many those were.
    func close(
        _ rows: [DeadLetterRecord], by: String, reason: String
    ) async throws(ProgramError) -> Int {
        guard let ledger, !isDryRun, !rows.isEmpty else { return 0 }
        let now = Timestamp.now().microseconds
        do {
            return try await ledger.write { transaction in
                let closed = try rows.filter { try transaction.close($0, by, reason, at: now) }
                if closed.isEmpty { return 0 }
                try transaction.record(
                    OperatorAction(
                        at: now, by: by, action: "reindex", reason: reason, letters: closed.count,
                        detail: "closed, because in no queue"))
                return closed.count
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    func end() async { await ledger?.close() }
}

extension LedgerTransaction {
    fileprivate func close(_ row: DeadLetterRecord, _ by: String, _ reason: String, at now: Int64) throws -> Bool {
        let changed = try execute(
            """
            UPDATE dead_letter SET state = 'discarded', note = ? WHERE id = ? AND state = 'open' AND last_failed_at = ?
            """,
            .text("\(by): \(reason) (in no queue)"), .text(row.id), .integer(row.lastFailedAt))
        guard changed > 0 else { return false }
        try takeBackLastWord(ofLetterFrom: row.flow, type: row.type, subject: row.subject, revision: row.revision)
        try journal(
            JournalEntry(
                at: now, messageID: row.id, type: row.type, subject: row.subject, revision: row.revision,
                stage: "discarded", code: row.code, detail: "in no queue: \(reason)", worker: by,
                attempt: row.attempts))
        return true
    }
}
