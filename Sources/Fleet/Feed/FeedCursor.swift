package import Ledger

/// How far a stream has been read, in one of the ways to read it.
package struct FeedCursor: Hashable, Sendable {
    /// Why a stream is read.
    package enum Pass: String, Hashable, Sendable, CaseIterable {
        /// What is new.
        case live
        /// What may have appeared behind the cursor: an ERP's transaction can become visible late.
        case lookBack = "look-back"
        /// Everything, from the beginning.
        case full
    }

    package var stream: String
    package var pass: Pass
    /// Where the next page starts, in the ERP's own sequence; nil at the beginning.
    package var cursor: String?
    /// Where the live read was when this look back began: where the one after the next begins.
    package var trail: String?
    /// Tells again what has been told as well.
    package var isForced = false
    /// Changes read and told since `startedAt`.
    package var read: Int64 = 0
    package var told: Int64 = 0
    /// How many changes follow, where the ERP can say.
    package var remaining: Int64?
    /// How many the pass before this one read, where one has ended.
    package var readBefore: Int64?
    /// In microseconds since 1970.
    package var startedAt: Int64
    package var movedAt: Int64
    /// Nil while there is more to read.
    package var finishedAt: Int64?

    package static let component = "erp-feed"
    package static let migration = LedgerMigration(
        number: 1, name: "feed cursors",
        script: """
            CREATE TABLE feed_cursor (
                stream TEXT NOT NULL, pass TEXT NOT NULL CHECK (pass IN ('live', 'look-back', 'full')), cursor TEXT,
                trail TEXT, forced INTEGER NOT NULL, read INTEGER NOT NULL, told INTEGER NOT NULL, remaining INTEGER,
                started_at INTEGER NOT NULL, moved_at INTEGER NOT NULL, finished_at INTEGER, PRIMARY KEY (stream, pass)
            ) WITHOUT ROWID
            """)
    package static let lengths = LedgerMigration(
        number: 3, name: "lengths of reads", script: "ALTER TABLE feed_cursor ADD COLUMN read_before INTEGER")

    /// What a process leases for as long as it reads the stream.
    package static func lease(of stream: String) -> String { "feed \(stream)" }

    /// A pass that begins now; `before` is the same pass as it stood until then.
    package static func beginning(
        _ stream: String, _ pass: Pass, from cursor: String? = nil, after before: FeedCursor? = nil, now: Int64
    ) -> FeedCursor {
        var beginning = FeedCursor(stream: stream, pass: pass, cursor: cursor, startedAt: now, movedAt: now)
        // Until its first page is recorded it takes the place of the one before, and not of what somebody begins meanwhile.
        beginning.movedAt = before?.movedAt ?? now
        beginning.readBefore = before.flatMap { $0.finishedAt == nil ? $0.readBefore : $0.read }
        return beginning
    }
}

extension LedgerSnapshot {
    /// Every cursor there is, by stream and pass.
    package func feedCursors() throws -> [FeedCursor] {
        try query(
            """
            SELECT stream, pass, cursor, trail, forced, read, told, remaining, started_at, moved_at, finished_at,
                read_before
            FROM feed_cursor ORDER BY stream, pass
            """
        ) { FeedCursor($0) }
    }

    /// The cursor of one pass; nil when it has never begun.
    package func feedCursor(_ stream: String, _ pass: FeedCursor.Pass) throws -> FeedCursor? {
        try first(
            """
            SELECT stream, pass, cursor, trail, forced, read, told, remaining, started_at, moved_at, finished_at,
                read_before
            FROM feed_cursor WHERE stream = ? AND pass = ?
            """, .text(stream), .text(pass.rawValue)
        ) { FeedCursor($0) }
    }
}

extension LedgerTransaction {
    /// Writes the cursor down.
    package func save(_ cursor: FeedCursor) throws {
        try execute(
            """
            INSERT OR REPLACE INTO feed_cursor (stream, pass, cursor, trail, forced, read, told, remaining, started_at,
                moved_at, finished_at, read_before)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(cursor.stream)
            bind.text(cursor.pass.rawValue)
            bind.text(cursor.cursor)
            bind.text(cursor.trail)
            bind.integer(cursor.isForced ? 1 : 0)
            bind.integer(cursor.read)
            bind.integer(cursor.told)
            bind.integer(cursor.remaining)
            bind.integer(cursor.startedAt)
            bind.integer(cursor.movedAt)
            bind.integer(cursor.finishedAt)
            bind.integer(cursor.readBefore)
        }
    }
}

extension FeedCursor {
    fileprivate init(_ row: borrowing SQLRow) {
        self.init(
            stream: row.text(0), pass: Pass(rawValue: row.text(1)) ?? .live, cursor: row.optionalText(2),
            trail: row.optionalText(3), isForced: row.integer(4) != 0, read: row.integer(5), told: row.integer(6),
            remaining: row.optionalInteger(7), readBefore: row.optionalInteger(11), startedAt: row.integer(8),
            movedAt: row.integer(9), finishedAt: row.optionalInteger(10))
    }
}
