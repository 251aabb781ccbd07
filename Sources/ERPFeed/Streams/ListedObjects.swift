internal import ERP
internal import Fleet
internal import Ledger

/// What the ERP lists in each stream: an object that it has deleted leaves no change, but is missing in the next full reads.
enum ListedObjects {
    /// So many full reads in a row without it say that an object is gone; a page may leave out a row by mistake.
    static let patience: Int64 = 2
    /// As many say that it went with so many others that a person has to look at it.
    static let much: Int64 = 1_000_000

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
    /// Whether it went with so many others that a person has to look at it.
    var isOfMany = false
}

extension LedgerTransaction {
    /// The ERP lists the object now.
    func noteListed(_ change: ERPChange, in stream: String, now: Int64) throws {
        guard let keys = change.keys else { return }
        try execute(
            """
            INSERT INTO feed_listed (stream, subject, keys, listed_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET listed_at = ?4, missed = 0
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
                "UPDATE feed_listed SET missed = 0 WHERE stream = ? AND missed > 0 AND gone = 0", .text(stream))
            return
        }
        try execute(
            "UPDATE feed_listed SET listed_at = ?, missed = 0 WHERE stream = ? AND subject = ?", .integer(now),
            .text(stream), .text(subject))
    }

    /// What had been gone is there again, and told at revisions that far ahead from now on.
    func noteBack(_ subject: String, in stream: String, shift: Int64) throws {
        try execute(
            "UPDATE feed_listed SET gone = 0, missed = 0, shift = ? WHERE stream = ? AND subject = ?", .integer(shift),
            .text(stream), .text(subject))
    }

    /// A full read that began then has ended. When it was to tell everything again, it does so of what is gone, too.
    func countMissed(in stream: String, since start: Int64, isForced: Bool) throws {
        try execute(
            "UPDATE feed_listed SET missed = missed + 1 WHERE stream = ? AND listed_at < ? AND gone = 0",
            .text(stream), .integer(start))
        guard isForced else { return }
        try execute(
            "UPDATE feed_listed SET gone = 0, missed = ? WHERE stream = ? AND gone = 1",
            .integer(ListedObjects.patience),
            .text(stream))
    }

    /// So much is missing that a person has to look at all of it, also when the rest of it is come to later.
    func markMany(in stream: String) throws {
        try execute(
            "UPDATE feed_listed SET missed = ? WHERE stream = ? AND missed >= ? AND missed > 0 AND gone = 0",
            .integer(ListedObjects.much), .text(stream), .integer(ListedObjects.patience))
    }

    /// The store is told that the object is gone, or need not be.
    func noteGone(_ object: MissingObject, in stream: String) throws {
        try execute(
            "UPDATE feed_listed SET gone = 1 WHERE stream = ? AND subject = ?", .text(stream), .text(object.subject))
    }

    /// The store does not show the object yet: that is looked at again after the next full reads.
    func waitFor(_ object: MissingObject, in stream: String) throws {
        try execute(
            "UPDATE feed_listed SET missed = 0 WHERE stream = ? AND subject = ?", .text(stream), .text(object.subject))
    }
}

extension LedgerSnapshot {
    /// By how much the revisions of these changes have to be moved ahead, by subject, and which of them had been gone: what
    /// is there again is news to the store, whatever the ERP counts.
    func shifts(of changes: [DatedChange], in stream: String) throws -> (shifts: [String: Int64], back: Set<String>) {
        guard try hasShifts(in: stream) else { return ([:], []) }
        var (shifts, back): ([String: Int64], Set<String>) = ([:], [])
        for change in changes {
            let (subject, version) = (change.what.subject, change.what.revision)
            let known = try first(
                "SELECT gone, shift FROM feed_listed WHERE stream = ? AND subject = ?", .text(stream), .text(subject)
            ) { (isGone: $0.integer(0) == 1, shift: $0.integer(1)) }
            guard let known, known.isGone || known.shift > 0 else { continue }
            var shift = known.shift
            if known.isGone {
                shift = max(shift, try toldRevision(family: change.what.family, subject: subject) + 1 - version)
                back.insert(subject)
            }
            shifts[subject] = max(shifts[subject] ?? 0, shift)
        }
        return (shifts, back)
    }

    private func hasShifts(in stream: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM feed_listed INDEXED BY feed_listed_shifted WHERE stream = ? AND (gone = 1 OR shift > 0) LIMIT 1
            """, .text(stream)
        ) { _ in true } ?? false
    }

    /// What has been missing for long enough, and the store has not been told; what went with many others first.
    func missingObjects(in stream: String, limit: Int) throws -> [MissingObject] {
        try query(
            """
            SELECT subject, keys, missed FROM feed_listed INDEXED BY feed_listed_missed
            WHERE stream = ? AND missed >= ? AND missed > 0 AND gone = 0 ORDER BY missed DESC LIMIT ?
            """, .text(stream), .integer(ListedObjects.patience), .integer(Int64(limit))
        ) { MissingObject($0) }
    }

    /// The same in the order of subjects, behind one of them.
    func missingObjects(in stream: String, after subject: String, limit: Int) throws -> [MissingObject] {
        try query(
            """
            SELECT subject, keys, missed FROM feed_listed
            WHERE stream = ? AND subject > ? AND missed >= ? AND gone = 0 ORDER BY subject LIMIT ?
            """, .text(stream), .text(subject), .integer(ListedObjects.patience), .integer(Int64(limit))
        ) { MissingObject($0) }
    }

    /// Whether anything is missing; found at once.
    func isAnythingMissing(in stream: String) throws -> Bool { try !missingObjects(in: stream, limit: 1).isEmpty }

    /// How many objects there were, and how many of them are missing.
    func listedCount(in stream: String) throws -> (known: Int, missing: Int) {
        try first(
            "SELECT count(*), count(*) FILTER (WHERE missed >= ?2) FROM feed_listed WHERE stream = ?1 AND gone = 0",
            .text(stream), .integer(ListedObjects.patience)
        ) { (Int($0.integer(0)), Int($0.integer(1))) } ?? (0, 0)
    }
}

extension MissingObject {
    fileprivate init(_ row: borrowing SQLRow) {
        subject = row.text(0)
        keys = row.text(1).split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        isOfMany = row.integer(2) >= ListedObjects.much
    }
}
