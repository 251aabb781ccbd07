internal import ERP
internal import Fleet
internal import Ledger

// What is asked of the lists: see `ListedObjects`.
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
                shift = max(shift, try toldRevision(family: change.what.family, subject: subject) - version + 1)
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

    /// How much of a stream is missing.
    func listedCount(in stream: String) throws -> ListedCount {
        try first(
            """
            SELECT count(*) FILTER (WHERE l.gone = 0), count(*) FILTER (WHERE l.gone = 0 AND l.listed_at < r.before),
                count(*) FILTER (WHERE l.gone = 2), max(r.many)
            FROM feed_listed AS l JOIN feed_full_read AS r ON r.stream = l.stream WHERE l.stream = ? AND l.gone IN (0, 2)
            """, .text(stream)
        ) { row in
            ListedCount(
                known: Int(row.integer(0)), missing: Int(row.integer(1)), again: Int(row.integer(2)),
                isMany: row.integer(3) == 1)
        } ?? ListedCount()
    }

    /// Whether a full read, or the stream itself, has ended, and what is missing since is not all told.
    func isWithdrawalDue(in stream: String, hasEnded: Bool = false) throws -> Bool {
        try first("SELECT is_due FROM feed_full_read WHERE stream = ?", .text(stream)) { $0.integer(0) }
            == (hasEnded ? 2 : 1)
    }

    /// The streams whose names begin so and of which anything is listed that is not gone.
    func listedStreams(from prefix: String) throws -> [String] {
        var (streams, last): ([String], String) = ([], prefix)
        // One step along the index for each.
        while let next = try first(
            "SELECT min(stream) FROM feed_listed WHERE stream > ?", .text(last), row: { $0.optionalText(0) }) ?? nil,
            next.hasPrefix(prefix)
        {
            let isListed = try first(
                "SELECT 1 FROM feed_listed WHERE stream = ? AND gone = 0 LIMIT 1", .text(next)
            ) { _ in true }
            if isListed == true { streams.append(next) }
            last = next
        }
        return streams
    }
}

/// How much of a stream is missing.
struct ListedCount: Hashable, Sendable {
    /// The objects that there were.
    var known = 0
    /// How many of them are missing.
    var missing = 0
    /// How many of those that are gone the store is to be told of again.
    var again = 0
    /// Whether a person has to look at what is missing.
    var isMany = false
}
