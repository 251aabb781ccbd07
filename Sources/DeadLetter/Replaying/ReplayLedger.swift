internal import Fleet
internal import Ledger
internal import Models

/// What the ledger remembers of what people do to letters: which have been dealt with, so that a run after a crash does
/// exactly the rest; the letters' states; and the journal, for whoever asks later.
struct ReplayLedger: Sendable {
    let ledger: Ledger

    /// Opens the ledger and makes room for the marks.
    static func open(_ configuration: Configuration) async throws(ProgramError) -> ReplayLedger {
        guard LedgerFile.exists(configuration) else { throw missing(configuration.ledgerPath) }
        do {
            let ledger = try Ledger.open(path: configuration.ledgerPath)
            try await ledger.migrate(component: "dead-letter", [marks, recipes])
            return ReplayLedger(ledger: ledger)
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    private static func missing(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path) to write this down in.",
            remedy: "Run this where the workers run, or set ledger.path. `replay --without-ledger` leaves no record.",
            exit: .configuration)
    }

    /// Whether this very letter was dealt with already, and what would come of it now.
    func standings(
        of letters: [Letter], _ judge: LetterJudge, where isMeant: (Letter) -> Bool
    ) async throws(ProgramError) -> [LetterStanding] {
        let meant = letters.map(isMeant)
        return try await read { snapshot in
            try zip(letters, meant).map { letter, isMeant in
                isMeant ? try LetterStanding(of: letter, judge, snapshot) : LetterStanding()
            }
        }
    }

    /// Of these letters, those that nobody has dealt with since they were looked at.
    func undone(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        try await read { snapshot in
            try letters.filter { taken in
                try snapshot.first("SELECT 1 FROM replay WHERE mark = ?", .text(taken.letter.mark)) { $0.integer(0) }
                    == nil
            }
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value {
        do { return try await ledger.read(body) } catch { throw ProgramError(ledger: error) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        do { return try await ledger.write(body) } catch { throw ProgramError(ledger: error) }
    }

    func close() async { await ledger.close() }

    private static let marks = LedgerMigration(
        number: 1, name: "replays",
        script: """
            -- Dead letters that have been dealt with; a mark names one letter, not one message.
            CREATE TABLE replay (
                mark TEXT PRIMARY KEY,
                letter TEXT NOT NULL,
                at INTEGER NOT NULL,
                by TEXT NOT NULL,
                reason TEXT NOT NULL
            ) WITHOUT ROWID;
            """)
}

/// What is known of a letter whose turn it is.
struct LetterStanding: Hashable, Sendable {
    /// An earlier run dealt with it and was killed before it could take it off the queue.
    var isDone = false
    var verdict = LetterVerdict.willApply
    /// When it failed last by the index, in microseconds since 1970; zero where that does not know it.
    var failedAt: Int64 = 0
}

extension LetterStanding {
    fileprivate init(of letter: Letter, _ judge: LetterJudge, _ snapshot: LedgerSnapshot) throws {
        let isDone = try snapshot.first("SELECT 1 FROM replay WHERE mark = ?", .text(letter.mark)) { $0.integer(0) }
        guard isDone == nil else {
            self.init(isDone: true)
            return
        }
        self.init(
            verdict: try judge.verdict(letter, snapshot),
            failedAt: try snapshot.deadLetter(id: letter.id)?.lastFailedAt ?? 0)
    }
}
