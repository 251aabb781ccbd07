package import Ledger

/// What the ERP says of an object and the store is not told, because it can't be read: the whole of it, or parts.
package struct FeedGap: Hashable, Sendable {
    /// How much of the object is not told.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// All of it: the store shows it as it was before.
        case unreadable
        /// Parts: the store is told the object without them.
        case incomplete
    }

    package var stream: String
    /// The object's business key; empty where the ERP's row does not even say that.
    package var key: String
    package var kind: Kind
    /// The ERP's count of the object's states; zero where it is not known.
    package var revision: Int64 = 0
    /// What is wrong, and where; of several parts the first.
    package var reason: String
    /// How many parts are left out; those of one object are counted up to a hundred.
    package var parts: Int64 = 1
    /// When the object was first found so, in microseconds since 1970.
    package var since: Int64

    package init(
        stream: String, key: String, kind: Kind, revision: Int64 = 0, reason: String, parts: Int64 = 1, since: Int64
    ) {
        self.stream = stream
        self.key = key
        self.kind = kind
        self.revision = revision
        self.reason = reason
        self.parts = parts
        self.since = since
    }

    package static let migration = LedgerMigration(
        number: 6, name: "gaps",
        script: """
            -- One of each object, and of rows without a key one of each reason.
            CREATE TABLE feed_gap (
                stream TEXT NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, kind TEXT NOT NULL,
                revision INTEGER NOT NULL, parts INTEGER NOT NULL, since INTEGER NOT NULL, seen_at INTEGER NOT NULL,
                PRIMARY KEY (stream, key, reason)
            ) WITHOUT ROWID;
            """)
}

/// Gaps, counted.
package struct FeedGapCount: Hashable, Sendable {
    package var unreadable: Int64 = 0
    package var incomplete: Int64 = 0

    package init(unreadable: Int64 = 0, incomplete: Int64 = 0) {
        self.unreadable = unreadable
        self.incomplete = incomplete
    }

    /// All of these.
    package init(_ counts: some Sequence<FeedGapCount>) {
        for count in counts {
            unreadable += count.unreadable
            incomplete += count.incomplete
        }
    }

    /// For people: `2 objects cannot be read, 1 is told in part`; nil when all is told.
    package var text: String? {
        var parts: [String] = []
        if unreadable > 0 { parts.append(Count.text(Int(unreadable), "object") + " cannot be read") }
        if incomplete > 0 {
            parts.append(Count.text(Int(incomplete), "object is", "objects are") + " told in part")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

extension LedgerSnapshot {
    /// Every gap there is, by stream and key, at most so many.
    package func feedGaps(in stream: String? = nil, limit: Int = .max) throws -> [FeedGap] {
        try query(
            """
            SELECT stream, key, kind, revision, reason, parts, since FROM feed_gap WHERE ?1 IS NULL OR stream = ?1
            ORDER BY stream, key, reason LIMIT ?2
            """, .text(orNull: stream), .integer(Int64(limit))
        ) { FeedGap($0) }
    }

    /// How many there are, by stream; none before a feed has run.
    package func feedGapCounts() throws -> [String: FeedGapCount] {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_gap'") { $0.integer(0) }
        guard isThere != nil else { return [:] }
        let counts = try query(
            "SELECT stream, count(*) FILTER (WHERE kind = 'unreadable'), count(*) FROM feed_gap GROUP BY stream"
        ) { row in
            (row.text(0), FeedGapCount(unreadable: row.integer(1), incomplete: row.integer(2) - row.integer(1)))
        }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    /// Whether there is any.
    package func hasGaps(in stream: String) throws -> Bool {
        try first("SELECT 1 FROM feed_gap WHERE stream = ? LIMIT 1", .text(stream)) { $0.integer(0) } != nil
    }

    fileprivate func gap(like gap: FeedGap) throws -> FeedGap? {
        try first(
            """
            SELECT stream, key, kind, revision, reason, parts, since FROM feed_gap
            WHERE stream = ?1 AND key = ?2 AND (?2 <> '' OR reason = ?3)
            """, .text(gap.stream), .text(gap.key), .text(gap.reason)
        ) { FeedGap($0) }
    }
}

extension LedgerTransaction {
    /// Writes down that it is so now. Returns whether that was not known.
    package func noteGap(_ gap: FeedGap, now: Int64) throws -> Bool {
        let known = try self.gap(like: gap)
        var noted = gap
        noted.since = known.map { min($0.since, now) } ?? gap.since
        if let known, known.reason != gap.reason { try closeGap(of: gap.key, in: gap.stream) }
        try execute(
            """
            INSERT OR REPLACE INTO feed_gap (stream, key, reason, kind, revision, parts, since, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(noted.stream)
            bind.text(noted.key)
            bind.text(noted.reason)
            bind.text(noted.kind.rawValue)
            bind.integer(noted.revision)
            bind.integer(noted.parts)
            bind.integer(noted.since)
            bind.integer(now)
        }
        return known.map { $0.kind != gap.kind || $0.revision != gap.revision || $0.reason != gap.reason } ?? true
    }

    /// All of the object is told, or it is gone.
    package func closeGap(of key: String, in stream: String) throws {
        try execute("DELETE FROM feed_gap WHERE stream = ? AND key = ?", .text(stream), .text(key))
    }

    /// Those of objects that were not seen since: the ERP has them no more.
    package func closeGaps(in stream: String, notSeenSince time: Int64) throws {
        try execute("DELETE FROM feed_gap WHERE stream = ? AND seen_at < ?", .text(stream), .integer(time))
    }
}

extension FeedGap {
    fileprivate init(_ row: borrowing SQLRow) {
        self.init(
            stream: row.text(0), key: row.text(1), kind: Kind(rawValue: row.text(2)) ?? .unreadable,
            revision: row.integer(3), reason: row.text(4), parts: row.integer(5), since: row.integer(6))
    }
}
