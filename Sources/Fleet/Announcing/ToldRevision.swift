public import Ledger

/// Which revision of each of the ERP's objects was told last, whoever told it: what a feed reads again is no news, and
/// neither is the echo of what we have done in the ERP ourselves.
public enum ToldRevision {
    /// Its table.
    static let migration = LedgerMigration(
        number: 4, name: "told revisions",
        script: """
            CREATE TABLE told (
                family TEXT NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (family, subject)
            ) WITHOUT ROWID
            """)

    /// Where it is counted what a feed told by itself.
    static func fed(_ family: String) -> String { family + " fed" }

    /// Where it is counted which of our own revisions that answered.
    static func fedAnswer(_ family: String) -> String { family + " fed answer" }

    /// Where it is counted which of our own revisions was answered last, in whatever way.
    static func answered(_ family: String) -> String { family + " answered" }
}

extension LedgerTransaction {
    /// Notes that this revision of an object, by the ERP's own count, is told; false when it, or a newer one, was before.
    @discardableResult
    public func noteTold(family: String, subject: String, revision: Int64) throws(LedgerError) -> Bool {
        let changed = try execute(
            """
            INSERT INTO told (family, subject, revision) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET revision = excluded.revision WHERE excluded.revision > told.revision
            """
        ) { bind in
            bind.text(family)
            bind.text(subject)
            bind.integer(revision)
        }
        return changed == 1
    }

    /// Notes that a feed has told this revision by itself, before the answer to what we have done in the ERP did; it was the
    /// ERP's answer to our own revision `answered`.
    public func noteFed(family: String, subject: String, revision: Int64, answering answered: Int64) throws(LedgerError)
    {
        try noteTold(family: ToldRevision.fed(family), subject: subject, revision: revision)
        try noteTold(family: ToldRevision.fedAnswer(family), subject: subject, revision: answered)
    }

    /// Notes that our own revision of an object is answered, if only by a refusal of which the ERP keeps nothing.
    public func noteAnswered(family: String, subject: String, revision: Int64) throws(LedgerError) {
        try noteTold(family: ToldRevision.answered(family), subject: subject, revision: revision)
    }

    /// Has an object told again when a feed comes to it.
    public func forgetTold(family: String, subject: String) throws(LedgerError) {
        try execute("DELETE FROM told WHERE family = ? AND subject = ?") { bind in
            bind.text(family)
            bind.text(subject)
        }
    }
}

extension LedgerSnapshot {
    /// Whether it was a feed that told this revision of an object, as the answer to our own revision `answered`.
    public final func hasFed(
        family: String, subject: String, revision: Int64, answering answered: Int64
    ) throws(LedgerError) -> Bool {
        guard try toldRevision(family: ToldRevision.fed(family), subject: subject) == revision else { return false }
        return try toldRevision(family: ToldRevision.fedAnswer(family), subject: subject) >= answered
    }

    /// Our own revision of an object that was answered last; 0 when none was.
    public final func answeredRevision(family: String, subject: String) throws(LedgerError) -> Int64 {
        try toldRevision(family: ToldRevision.answered(family), subject: subject)
    }

    /// The revision of an object that was told last; 0 when none was.
    public final func toldRevision(family: String, subject: String) throws(LedgerError) -> Int64 {
        try first("SELECT revision FROM told WHERE family = ? AND subject = ?") { bind in
            bind.text(family)
            bind.text(subject)
        } row: { row in
            row.integer(0)
        } ?? 0
    }
}
