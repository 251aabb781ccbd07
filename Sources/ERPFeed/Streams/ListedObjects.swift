internal import ERP
internal import Fleet
internal import Ledger

/// What the ERP lists in each stream: an object that it has deleted leaves no change, but is missing in the next full reads.
enum ListedObjects {
    /// So many full reads in a row without it say that an object is gone; a page may leave out a row by mistake.
    static let patience: Int64 = 2

    static let migration = LedgerMigration(
        number: 4, name: "listed objects",
        script: """
            -- `missed` counts the full reads in a row without it, `gone` is 1 once the store was told so. `shift` is by how much
            -- the revisions that the store is told of it are ahead of the ERP's own, because it had been gone before.
            CREATE TABLE feed_listed (
                stream TEXT NOT NULL, subject TEXT NOT NULL, keys TEXT NOT NULL, listed_at INTEGER NOT NULL,
                missed INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0, shift INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (stream, subject)
            ) WITHOUT ROWID;
            CREATE INDEX feed_listed_missed ON feed_listed (stream, missed) WHERE missed > 0 AND gone = 0;
            CREATE INDEX feed_listed_shifted ON feed_listed (stream) WHERE gone = 1 OR shift > 0;
            """)
}

/// An object that is not listed any more.
struct MissingObject: Hashable, Sendable {
    var subject: String
    /// See ``ERPChange/keys``.
    var keys: [String]
}

extension LedgerTransaction {
    /// The ERP lists the object now; `shift` when it was gone.
    func noteListed(_ change: ERPChange, in stream: String, shift: Int64?, now: Int64) throws {
        guard let keys = change.keys else { return }
        try execute(
            """
            INSERT INTO feed_listed (stream, subject, keys, listed_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET listed_at = ?4, missed = 0, gone = 0, shift = coalesce(?5, shift)
            """
        ) { bind in
            bind.text(stream)
            bind.text(change.subject)
            bind.text(keys.joined(separator: "\u{1F}"))
            bind.integer(now)
            bind.integer(shift)
        }
    }

    /// The ERP lists something that cannot be read. Where it does not even say what, it may be anything that is missing.
    func noteListed(unreadable subject: String?, in stream: String, now: Int64) throws {
        guard let subject else {
            try execute(
                "UPDATE feed_listed SET missed = 0 WHERE stream = ? AND missed > 0 AND gone = 0", .text(stream))
            return
        }
        try execute(
            "UPDATE feed_listed SET listed_at = ?, missed = 0 WHERE stream = ? AND subject = ?", .integer(now),
            .text(stream), .text(subject))
    }

    /// A full read that began then has ended.
    func countMissed(in stream: String, since start: Int64) throws {
        try execute(
            "UPDATE feed_listed SET missed = missed + 1 WHERE stream = ? AND listed_at < ? AND gone = 0",
            .text(stream), .integer(start))
    }

    /// The store is told that the object is gone, or knows nothing of it.
    func noteGone(_ object: MissingObject, in stream: String) throws {
        try execute(
            "UPDATE feed_listed SET gone = 1 WHERE stream = ? AND subject = ?", .text(stream), .text(object.subject))
    }
}

extension LedgerSnapshot {
    /// By how much the revisions of these changes have to be moved ahead, by subject: what was gone and is there again is
    /// news to the store, whatever the ERP counts.
    func shifts(of changes: [DatedChange], in stream: String) throws -> [String: Int64] {
        guard try hasShifts(in: stream) else { return [:] }
        var shifts: [String: Int64] = [:]
        for change in changes {
            let (subject, version) = (change.what.subject, change.what.revision)
            let known = try first(
                "SELECT gone, shift FROM feed_listed WHERE stream = ? AND subject = ?", .text(stream), .text(subject)
            ) { (isGone: $0.integer(0) == 1, shift: $0.integer(1)) }
            guard let known, known.isGone || known.shift > 0 else { continue }
            let told = try toldRevision(family: change.what.family, subject: subject)
            let shift = known.isGone ? max(known.shift, told + 1 - version) : known.shift
            shifts[subject] = max(shifts[subject] ?? 0, shift)
        }
        return shifts
    }

    private func hasShifts(in stream: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM feed_listed INDEXED BY feed_listed_shifted WHERE stream = ? AND (gone = 1 OR shift > 0) LIMIT 1
            """, .text(stream)
        ) { _ in true } ?? false
    }

    /// What has been missing for long enough, and the store has not been told.
    func missingObjects(in stream: String, limit: Int) throws -> [MissingObject] {
        try query(
            """
            SELECT subject, keys FROM feed_listed INDEXED BY feed_listed_missed
            WHERE stream = ? AND missed >= ? AND missed > 0 AND gone = 0 LIMIT ?
            """, .text(stream), .integer(ListedObjects.patience), .integer(Int64(limit))
        ) { row in
            MissingObject(
                subject: row.text(0),
                keys: row.text(1).split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// How many objects there were, and how many of them are missing.
    func listedCount(in stream: String) throws -> (known: Int, missing: Int) {
        try first(
            "SELECT count(*), count(*) FILTER (WHERE missed >= ?2) FROM feed_listed WHERE stream = ?1 AND gone = 0",
            .text(stream), .integer(ListedObjects.patience)
        ) { (Int($0.integer(0)), Int($0.integer(1))) } ?? (0, 0)
    }
}
