internal import ERP
internal import Fleet
internal import Ledger

/// What the ERP lists in each stream: an object that it has deleted leaves no change, but is missing in the next full reads.
/// Two of them in a row without it say that it is gone; a page may leave out a row by mistake.
enum ListedObjects {
    static let migration = LedgerMigration(
        number: 4, name: "listed objects",
        script: """
            -- `gone` is 1 once the store was told so, 2 when it is to be told again, 3 when it need not be told. `shift` is by how
            -- much the revisions that the store is told of an object are ahead of the ERP's own, because it had been gone before.
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
}

/// An object that is not listed any more.
struct MissingObject: Hashable, Sendable {
    var subject: String
    /// See ``ERPChange/keys``.
    var keys: [String]
    /// Whether the store was told before that it is gone.
    var isAgain = false
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
            try execute("UPDATE feed_full_read SET latest = 0 WHERE stream = ?", .text(stream))
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

    /// A full read has ended. When it was to tell everything again, it does so of what is gone, too. One during which the clock
    /// was set back, or since the one before it, says nothing of what is missing.
    func endFullRead(of stream: String, from start: Int64, to end: Int64, isForced: Bool) throws {
        try execute(
            """
            INSERT INTO feed_full_read (stream, latest) VALUES (?1, ?2)
            ON CONFLICT DO UPDATE SET before = CASE WHEN latest <= ?2 THEN latest ELSE 0 END, latest = ?2
            """, .text(stream), .integer(end < start ? 0 : start))
        guard isForced else { return }
        try execute("UPDATE feed_listed SET gone = 2 WHERE stream = ? AND gone = 1", .text(stream))
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
            ) { (isGone: $0.integer(0) > 0, shift: $0.integer(1)) }
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
            SELECT 1 FROM feed_listed INDEXED BY feed_listed_shifted WHERE stream = ? AND (gone > 0 OR shift > 0) LIMIT 1
            """, .text(stream)
        ) { _ in true } ?? false
    }

    /// What two full reads in a row have not had and the store has not been told, or is to be told again; in the order of
    /// subjects, behind one of them.
    func missingObjects(in stream: String, after subject: String, limit: Int) throws -> [MissingObject] {
        try query(
            """
            SELECT subject, keys, gone FROM feed_listed
            WHERE stream = ?1 AND subject > ?2 AND (gone = 2 OR gone = 0 AND listed_at < (
                SELECT before FROM feed_full_read WHERE stream = ?1))
            ORDER BY subject LIMIT ?3
            """, .text(stream), .text(subject), .integer(Int64(limit))
        ) { row in
            MissingObject(
                subject: row.text(0),
                keys: row.text(1).split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init),
                isAgain: row.integer(2) == 2)
        }
    }

    /// How many objects there were, how many of them are missing, and whether a person has to look at them.
    func listedCount(in stream: String) throws -> (known: Int, missing: Int, isMany: Bool) {
        try first(
            """
            SELECT count(*), count(*) FILTER (WHERE l.gone = 2 OR l.listed_at < r.before), max(r.many)
            FROM feed_listed AS l JOIN feed_full_read AS r ON r.stream = l.stream WHERE l.stream = ? AND l.gone IN (0, 2)
            """, .text(stream)
        ) { (Int($0.integer(0)), Int($0.integer(1)), $0.integer(2) == 1) } ?? (0, 0, false)
    }
}
