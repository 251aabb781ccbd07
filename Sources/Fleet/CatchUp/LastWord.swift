package import Ledger
package import Models

/// The newest revision of an object that its producer has stated, while it has not been worked on: noted by a flow that
/// only looks on, and gone as soon as that revision, or a newer one, has been applied.
///
/// A flow that only looks on goes on while the called system is away. So when that is back, the ledger knows what each of
/// the waiting messages will come to, and need not have the older ones called for. There is a row only for a message that
/// was read under its contract, and whose own copy is on its way or in front of a person.
package struct LastWord: Hashable, Sendable {
    /// The first revision that was noted since the row is there. 1 when the object's whole story was seen.
    package var firstRevision: Int64
    /// The newest one.
    package var revision: Int64
    /// With the newest one the producer calls the object off.
    package var isCancelled: Bool
    /// The id of the newest one's message.
    package var messageID: String
    /// When the first was noted, in microseconds since 1970.
    package var firstNotedAt: Int64
    /// When the newest was.
    package var notedAt: Int64

    /// Which of them cannot wait for their turn: see ``Urgency``.
    static let urgencies = LedgerMigration(
        number: 11, name: "urgency of last words",
        script: """
            ALTER TABLE last_word ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE last_word ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE last_word ADD COLUMN is_pressing INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX last_word_pressing ON last_word (family, rank DESC, due_at, noted_at) WHERE is_pressing = 1;
            """)

    static let migration = LedgerMigration(
        number: 9, name: "last words",
        script: """
            CREATE TABLE last_word (
                family TEXT NOT NULL, subject TEXT NOT NULL, first_revision INTEGER NOT NULL, revision INTEGER NOT NULL,
                is_cancelled INTEGER NOT NULL, message_id TEXT NOT NULL, first_noted_at INTEGER NOT NULL,
                noted_at INTEGER NOT NULL, PRIMARY KEY (family, subject)
            ) WITHOUT ROWID
            """)
}

extension LedgerTransaction {
    /// Notes what a message says as its object's last word, unless a newer one was noted. Of a revision that has been
    /// applied already nothing is kept, nor of one that a person has set aside: its own flow was quicker.
    package func noteLastWord(
        _ message: Received, isCancelled: Bool, urgency: Urgency = .none, at now: Int64
    ) throws(LedgerError) {
        let (family, envelope) = (message.type.family, message.envelope)
        let applied = try subjectState(family: family, subject: envelope.subject)?.revision ?? 0
        guard envelope.revision > applied else {
            return try forgetLastWord(family: family, subject: envelope.subject, upTo: applied)
        }
        guard try !isDiscarded(revision: envelope.revision, ofObjectOf: message) else { return }
        try execute(
            """
            INSERT INTO last_word (family, subject, first_revision, revision, is_cancelled, message_id, first_noted_at,
                noted_at, rank, due_at, is_pressing)
            VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9)
            ON CONFLICT (family, subject) DO UPDATE SET
                revision = ?3, is_cancelled = ?4, message_id = ?5, noted_at = ?6, rank = ?7, due_at = ?8,
                is_pressing = ?9
            WHERE ?3 > last_word.revision
            """
        ) { bind in
            bind.text(family)
            bind.text(envelope.subject)
            bind.integer(envelope.revision)
            bind.integer(isCancelled ? 1 : 0)
            bind.text(envelope.id)
            bind.integer(now)
            bind.integer(Int64(urgency.rank))
            bind.integer(urgency.dueAt(at: now))
            bind.integer(urgency.isPressing(at: now) ? 1 : 0)
        }
    }

    /// A revision has been applied: what was noted up to it has nothing left to say.
    package func forgetLastWord(family: String, subject: String, upTo revision: Int64) throws(LedgerError) {
        try execute("DELETE FROM last_word WHERE family = ? AND subject = ? AND revision <= ?") { bind in
            bind.text(family)
            bind.text(subject)
            bind.integer(revision)
        }
    }

    /// A person has set that revision aside: if it was the object's last word, there is none from now on.
    ///
    /// It is not gone back to an older revision: which of those still wait is not known here, and a word that comes to
    /// nothing would swallow a message. Without a word each of them is called for, and the newest wins as always, so that a
    /// call too many is the worst of it.
    package func takeBackLastWord(family: String, subject: String, revision: Int64) throws(LedgerError) {
        // Whoever discards may have opened a ledger that no worker of this version has.
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'last_word'") { $0.integer(0) }
        guard isThere != nil else { return }
        try execute("DELETE FROM last_word WHERE family = ? AND subject = ? AND revision = ?") { bind in
            bind.text(family)
            bind.text(subject)
            bind.integer(revision)
        }
    }

    /// The same of a dead letter, as the index names it. One of a flow that only looks on takes nothing back: its message
    /// has another copy, which goes its own way.
    package func takeBackLastWord(ofLetterFrom flow: String, type: String?, subject: String?, revision: Int64?)
        throws(LedgerError)
    {
        guard !FleetTopology.isObserver(flow), let family = type.flatMap({ Catalogue.type(named: $0) })?.family,
            let subject, let revision
        else { return }
        try takeBackLastWord(family: family, subject: subject, revision: revision)
    }
}

extension LedgerSnapshot {
    /// What the producer has said last of the object of this message; nil when all that was noted has been applied.
    package func lastWord(of message: Received) throws(LedgerError) -> LastWord? {
        try first(
            """
            SELECT first_revision, revision, is_cancelled, message_id, first_noted_at, noted_at FROM last_word
            WHERE family = ? AND subject = ?
            """
        ) { bind in
            bind.text(message.type.family)
            bind.text(message.envelope.subject)
        } row: { row in
            LastWord(
                firstRevision: row.integer(0), revision: row.integer(1), isCancelled: row.integer(2) != 0,
                messageID: row.text(3), firstNotedAt: row.integer(4), notedAt: row.integer(5))
        }
    }

    /// Whether a person has set that revision of the object of this message aside: then it is nobody's word any more.
    package func isDiscarded(_ word: LastWord, ofObjectOf message: Received) throws(LedgerError) -> Bool {
        try isDiscarded(revision: word.revision, ofObjectOf: message)
    }

    fileprivate func isDiscarded(revision: Int64, ofObjectOf message: Received) throws(LedgerError) -> Bool {
        let types = try query(
            "SELECT type FROM dead_letter WHERE subject = ? AND revision = ? AND state = 'discarded'",
            .text(message.envelope.subject), .integer(revision)
        ) { $0.optionalText(0) }
        let family = Set(message.type.familyTypes)
        return types.contains { family.contains($0 ?? "") }
    }
}
