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
            let ledger = try Ledger.open(path: configuration.ledgerPath, options: LedgerOptions(cacheSize: cacheSize))
            try await ledger.migrate(component: "dead-letter", [marks, recipes, marksByLetter])
            // Where it is counted which answers the store has had.
            try await FleetTables.migrate(ledger)
            return ReplayLedger(ledger: ledger)
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    /// A whole batch of letters with its bodies: else its pages would be written out and read again before it is over.
    private static let cacheSize = 16 << 20

    private static func missing(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path) to write this down in.",
            remedy: "Run this where the workers run, or set ledger.path. `replay --without-ledger` leaves no record.",
            exit: .configuration)
    }

    /// Whether these very letters were dealt with already, and what would come of them now.
    /// - Parameters:
    ///   - meant: what is known of each so far.
    ///   - isWatched: whether it matters when they failed last.
    func standings(
        of letters: [Letter], _ meant: [LetterStanding], _ judge: LetterJudge, isWatched: Bool
    ) async throws(ProgramError) -> [LetterStanding] {
        let now = ContinuousClock.now
        return try await read { snapshot in
            let judge = try judge.knowing(snapshot)
            return try zip(letters, meant).map { letter, standing in
                guard standing.isMeant else { return standing }
                var standing = try LetterStanding(of: letter, judge, snapshot, isWatched: isWatched)
                standing.askedAt = now
                return standing
            }
        }
    }

    /// Of these letters, those that nobody has dealt with since they were looked at.
    func undone(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        try await read { snapshot in
            try letters.filter { try !snapshot.hasMark(of: $0.letter) }
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

    /// Letters of a queue have ids that grow, where their marks are spread: a batch of them changes few pages now, however
    /// many there have been.
    private static let marksByLetter = LedgerMigration(
        number: 3, name: "replays by letter",
        script: """
            CREATE TABLE replay_by_letter (
                letter TEXT NOT NULL,
                mark TEXT NOT NULL,
                at INTEGER NOT NULL,
                by TEXT NOT NULL,
                reason TEXT NOT NULL,
                PRIMARY KEY (letter, mark)
            ) WITHOUT ROWID;
            -- In the order of the new key, each page of it is written once.
            INSERT INTO replay_by_letter (letter, mark, at, by, reason)
                SELECT letter, mark, at, by, reason FROM replay ORDER BY letter, mark;
            DROP TABLE replay;
            ALTER TABLE replay_by_letter RENAME TO replay;
            """)
}

/// What is known of a letter whose turn it is.
struct LetterStanding: Hashable, Sendable {
    /// Whether it is one of those asked for; of others nothing else is known.
    var isMeant = true
    /// An earlier run dealt with it and was killed before it could take it off the queue.
    var isDone = false
    var verdict = LetterVerdict.willApply
    /// When it failed last by the index, in microseconds since 1970; zero where that does not know it.
    var failedAt: Int64 = 0
    /// When that was asked.
    var askedAt: ContinuousClock.Instant?
}

extension LetterStanding {
    fileprivate init(of letter: Letter, _ judge: LetterJudge, _ snapshot: LedgerSnapshot, isWatched: Bool) throws {
        if try snapshot.hasMark(of: letter) {
            self.init(isDone: true)
            return
        }
        self.init(
            verdict: try judge.verdict(letter, snapshot),
            failedAt: isWatched ? try snapshot.lastFailure(of: letter.id) ?? 0 : 0)
    }
}

extension LedgerSnapshot {
    /// Whether this very letter was dealt with.
    func hasMark(of letter: Letter) throws -> Bool {
        try first(
            "SELECT 1 FROM replay WHERE letter = ? AND mark = ?",
            bind: { bind in
                bind.text(letter.id)
                bind.text(letter.mark)
            }, row: { $0.integer(0) }) != nil
    }

    /// When a message failed last by the index; nil where that does not know it.
    func lastFailure(of id: String) throws -> Int64? {
        try first(
            "SELECT last_failed_at FROM dead_letter WHERE id = ?", bind: { $0.text(id) }, row: { $0.integer(0) })
    }
}
