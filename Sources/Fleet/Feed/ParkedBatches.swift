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
