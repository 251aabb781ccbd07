package import Ledger

/// A stream that cannot be read for now, and why: what `stevedore status` and `erp-feed status` show.
package struct FeedWait: Hashable, Sendable {
    package var stream: String
    /// In microseconds since 1970.
    package var since: Int64
    /// When it is tried again, in microseconds since 1970.
    package var until: Int64
    package var reason: String
    package var remedy: String

    package init(stream: String, since: Int64, until: Int64, reason: String, remedy: String) {
        self.stream = stream
        self.since = since
        self.until = until
        self.reason = reason
        self.remedy = remedy
    }

    package static let migration = LedgerMigration(
        number: 7, name: "waiting streams",
        script: """
            CREATE TABLE feed_wait (
                stream TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL,
                remedy TEXT NOT NULL
            ) WITHOUT ROWID;
            """)

    /// A wait that was not renewed so long after its next try, in microseconds, is forgotten: the feed is gone.
    private static let forgotten: Int64 = 120_000_000

    /// Every wait there is now, the longest first; none before a feed has run.
    package static func all(_ snapshot: LedgerSnapshot, now: Int64) throws -> [FeedWait] {
        let isThere = try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_wait'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try snapshot.query(
            """
            SELECT stream, since, until, reason, remedy FROM feed_wait WHERE until > ? ORDER BY since, stream
            """, .integer(now - forgotten)
        ) { row in
            FeedWait(
                stream: row.text(0), since: row.integer(1), until: row.integer(2), reason: row.text(3),
                remedy: row.text(4))
        }
    }
}

extension LedgerTransaction {
    /// Writes down that the stream still waits.
    package func noteWait(_ wait: FeedWait) throws {
        try execute(
            "INSERT OR REPLACE INTO feed_wait (stream, since, until, reason, remedy) VALUES (?, ?, ?, ?, ?)",
            .text(wait.stream), .integer(wait.since), .integer(wait.until), .text(wait.reason), .text(wait.remedy))
    }

    /// The stream is read again.
    package func endWait(of stream: String) throws {
        try execute("DELETE FROM feed_wait WHERE stream = ?", .text(stream))
    }
}

extension FeedWait {
    /// Streams that wait for the same.
    package struct Group: Hashable, Sendable {
        package var streams: [String]
        /// Of the first of them.
        package var since: Int64
        package var reason: String
        package var remedy: String
    }

    /// By what they wait for, the longest wait first: an ERP that is away keeps all of them.
    package static func groups(_ waits: [FeedWait]) -> [Group] {
        var groups: [Group] = []
        for wait in waits.sorted(by: { ($0.since, $0.stream) < ($1.since, $1.stream) }) {
            if let index = groups.firstIndex(where: { $0.reason == wait.reason && $0.remedy == wait.remedy }) {
                groups[index].streams.append(wait.stream)
            } else {
                groups.append(
                    Group(streams: [wait.stream], since: wait.since, reason: wait.reason, remedy: wait.remedy))
            }
        }
        return groups
    }
}

extension FeedWait.Group {
    /// For people: `products, stock/EAST have waited 5m: The ERP does not answer.`
    package func text(now: Int64) -> String {
        let names = streams.map(InertText.line).joined(separator: ", ")
        return "\(names) \(streams.count == 1 ? "has" : "have") waited \(Age.text(microseconds: now - since)): "
            + InertText.line(reason)
    }
}
