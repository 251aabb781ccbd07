internal import ERP
internal import Fleet
internal import Ledger

/// What the ERP lists in each stream: an object that it has deleted leaves no change, but is missing in the next full reads.
/// Two of them in a row without it say that it is gone; a page may leave out a row by mistake.
enum ListedObjects {
    static let migration = LedgerMigration(
        number: 4, name: "listed objects",
        script: """
            -- `gone` is 1 once the store was told so, 2 when it is to be told again, 3 when it need not be told. `shift` is by
            -- how much the revisions that the store is told of an object are ahead of the ERP's own, for it had been gone.
            CREATE TABLE feed_listed (
                stream TEXT NOT NULL, subject TEXT NOT NULL, keys TEXT NOT NULL, listed_at INTEGER NOT NULL,
                gone INTEGER NOT NULL DEFAULT 0, shift INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (stream, subject)
            ) WITHOUT ROWID;
            CREATE INDEX feed_listed_shifted ON feed_listed (stream) WHERE gone > 0 OR shift > 0;
            -- When the last full read began, and the one before; `many` is 1 while so much is gone that a person has to look.
            CREATE TABLE feed_full_read (
                stream TEXT PRIMARY KEY, latest INTEGER NOT NULL, before INTEGER NOT NULL DEFAULT 0,
                many INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID;
            """)

    static let due = LedgerMigration(
        number: 5, name: "withdrawals that are due",
        script: """
            -- When a row without a key was seen. `is_due` is 1 while what the last full read lacks is not all told, 2 while
            -- the stream has ended and not all of it is told.
            ALTER TABLE feed_full_read ADD COLUMN nameless_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE feed_full_read ADD COLUMN is_due INTEGER NOT NULL DEFAULT 0;
            """)
}

extension LedgerTransaction {
    /// The ERP lists the object now.
    func noteListed(_ change: ERPChange, in stream: String, now: Int64) throws {
        guard let keys = change.keys else { return }
        try execute(
            """
            INSERT INTO feed_listed (stream, subject, keys, listed_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET listed_at = ?4
            """
        ) { bind in
            bind.text(stream)
            bind.text(change.subject)
            bind.text(keys.joined(separator: "\u{1F}"))
            bind.integer(now)
        }
    }

    /// The ERP lists something that cannot be read. Where it does not even say what, it may be anything that is missing.
    func noteListed(unreadable subject: String?, in stream: String, now: Int64) throws {
        guard let subject else {
            try execute(
                """
                INSERT INTO feed_full_read (stream, latest, nameless_at) VALUES (?1, 0, ?2)
                ON CONFLICT DO UPDATE SET nameless_at = ?2
                """, .text(stream), .integer(now))
            return
        }
        try execute(
            "UPDATE feed_listed SET listed_at = ? WHERE stream = ? AND subject = ?", .integer(now), .text(stream),
            .text(subject))
    }

    /// What had been gone is there again, and told at revisions that far ahead from now on.
    func noteBack(_ subject: String, in stream: String, shift: Int64) throws {
        try execute(
            "UPDATE feed_listed SET gone = 0, shift = ? WHERE stream = ? AND subject = ?", .integer(shift),
            .text(stream), .text(subject))
    }

    /// A full read has ended. When it was to tell everything again, it does so of what is gone, too. One says nothing of what
    /// is missing that saw a row without a key, or during which the clock was set back, or since the one before it.
    func endFullRead(of stream: String, from start: Int64, to end: Int64, isForced: Bool) throws {
        try addFullRead(of: stream)
        // A time after the end is of a clock that was ahead.
        try execute(
            """
            UPDATE feed_full_read SET is_due = 1,
                before = CASE WHEN latest <= ?2 AND nameless_at NOT BETWEEN ?3 AND ?4 THEN latest ELSE 0 END,
                latest = CASE WHEN nameless_at NOT BETWEEN ?3 AND ?4 THEN ?2 ELSE 0 END
            WHERE stream = ?1
            """, .text(stream), .integer(end < start ? 0 : start), .integer(start), .integer(end))
        guard isForced else { return }
        try execute("UPDATE feed_listed SET gone = 2 WHERE stream = ? AND gone = 1", .text(stream))
    }

    private func addFullRead(of stream: String) throws {
        try execute("INSERT INTO feed_full_read (stream, latest) VALUES (?, 0) ON CONFLICT DO NOTHING", .text(stream))
    }

    /// The ERP has no such stream any more: all of it is missing. Should it be there again, it is read from its beginning.
    func endStream(_ stream: String) throws {
        try addFullRead(of: stream)
        try closeGaps(in: stream, notSeenSince: .max)
        try execute(
            "UPDATE feed_full_read SET is_due = 2, latest = 0, before = ? WHERE stream = ?", .integer(.max),
            .text(stream))
        try execute(
            "UPDATE feed_cursor SET finished_at = 0 WHERE stream = ? AND pass = ? AND finished_at IS NOT NULL",
            .text(stream), .text(FeedCursor.Pass.full.rawValue))
    }

    /// All that is missing is told, or held back.
    func endWithdrawal(of stream: String, wasMany: Bool) throws {
        try execute(
            "UPDATE feed_full_read SET is_due = 0, many = CASE WHEN ? THEN 0 ELSE many END WHERE stream = ?",
            .integer(wasMany ? 1 : 0), .text(stream))
    }

    /// Whether a person has to look at all that is missing, also when the rest of it is come to later.
    func setMany(_ isMany: Bool, in stream: String) throws {
        try execute(
            "UPDATE feed_full_read SET many = ? WHERE stream = ?", .integer(isMany ? 1 : 0), .text(stream))
    }

    /// The store is told that the object is gone, or need not be.
    func noteGone(_ object: MissingObject, in stream: String, isTold: Bool = true) throws {
        try execute(
            "UPDATE feed_listed SET gone = ? WHERE stream = ? AND subject = ?", .integer(isTold ? 1 : 3), .text(stream),
            .text(object.subject))
        try closeGap(of: object.subject, in: stream)
    }

    /// The store does not show the object yet: that is looked at again after the next full reads. What it was told of before
    /// stays gone.
    func waitFor(_ object: MissingObject, in stream: String, now: Int64) throws {
        try execute(
            """
            UPDATE feed_listed SET listed_at = ?, gone = CASE WHEN gone > 0 THEN 1 ELSE 0 END
            WHERE stream = ? AND subject = ?
            """, .integer(now), .text(stream), .text(object.subject))
    }
}
