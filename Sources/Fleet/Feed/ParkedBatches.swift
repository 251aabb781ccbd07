package import Ledger

/// What a feed holds back until a person has looked at it, counted.
package struct ParkedBatches: Hashable, Sendable {
    package var count: Int64
    /// In microseconds since 1970.
    package var oldest: Int64

    package init(count: Int64, oldest: Int64) {
        self.count = count
        self.oldest = oldest
    }

    package static let migration = LedgerMigration(
        number: 2, name: "parked batches",
        script: """
            CREATE TABLE feed_parked (
                id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
                diff TEXT NOT NULL
            );
            CREATE TABLE feed_parked_message (
                batch INTEGER NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
                subject TEXT NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (batch, position)
            ) WITHOUT ROWID;
            """)

    package static let subjects = LedgerMigration(
        number: 8, name: "subjects of parked changes",
        script: "CREATE INDEX feed_parked_subject ON feed_parked_message (subject, batch)")
}

extension LedgerSnapshot {
    /// Nil when nothing is held back, or no feed has run.
    package func parkedBatchCount() throws -> ParkedBatches? {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_parked'") { $0.integer(0) }
        guard isThere != nil else { return nil }
        let parked = try first("SELECT count(*), min(at) FROM feed_parked") { row in
            ParkedBatches(count: row.integer(0), oldest: row.integer(1))
        }
        return parked.flatMap { $0.count > 0 ? $0 : nil }
    }
}

/// One batch that a feed holds back.
package struct ParkedEntry: Hashable, Sendable {
    package var id: Int64
    package var stream: String
    /// In microseconds since 1970.
    package var at: Int64
    package var reason: String
    /// How many changes it has.
    package var messages: Int64
}

extension LedgerSnapshot {
    /// Every batch that is held back, the oldest first; none before a feed has run.
    package func parkedEntries() throws -> [ParkedEntry] {
        guard try parkedBatchCount() != nil else { return [] }
        return try query(
            """
            SELECT id, stream, at, reason, (SELECT count(*) FROM feed_parked_message AS m WHERE m.batch = feed_parked.id)
            FROM feed_parked ORDER BY id
            """
        ) { row in
            ParkedEntry(
                id: row.integer(0), stream: row.text(1), at: row.integer(2), reason: row.text(3),
                messages: row.integer(4))
        }
    }
}
