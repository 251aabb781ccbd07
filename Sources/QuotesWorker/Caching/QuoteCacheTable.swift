internal import Ledger
internal import Models

/// The table of what the ERP has said to questions: `quote_cache` in the ledger's file.
///
/// It names accounts and products, and of an address no more than its part of a country, so that it holds nothing of a person.
enum QuoteCacheTable {
    /// A component of its own, so that it depends on no other table's number.
    static let component = "quotes"

    static let migration = LedgerMigration(
        number: 1, name: "what the ERP has said to questions",
        script: """
            CREATE TABLE quote_cache (
                question TEXT NOT NULL CHECK (question IN ('price', 'availability', 'shipping', 'tax')),
                place TEXT NOT NULL, detail TEXT NOT NULL, value TEXT NOT NULL, as_of INTEGER NOT NULL,
                PRIMARY KEY (question, place, detail)
            ) WITHOUT ROWID;
            CREATE INDEX quote_cache_by_age ON quote_cache (question, as_of);
            CREATE INDEX quote_cache_by_time ON quote_cache (as_of);
            """)

    /// Brings it up to date; call once at start.
    static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(component: component, [migration])
    }
}

extension LedgerSnapshot {
    /// What the ERP has said; nil when it has not, or that is older than `oldest`, in microseconds since 1970.
    func cachedFigure(_ question: QuoteFallback.Question, _ place: String, since oldest: Int64) throws -> Figure? {
        let rows = try query(
            """
            SELECT detail, value, as_of FROM quote_cache
            WHERE question = ? AND place = ? AND as_of >= ? ORDER BY detail
            """, .text(question.rawValue), .text(place), .integer(oldest)
        ) { CacheRow(detail: $0.text(0), value: $0.text(1), asOf: $0.integer(2)) }
        return Figure(rows, of: question)
    }

    /// How many rows the cache has.
    func cacheRowCount() throws -> Int {
        Int(try first("SELECT count(*) FROM quote_cache") { $0.integer(0) } ?? 0)
    }
}

extension LedgerTransaction {
    /// Puts what the ERP says now in the place of what it said before; nil when it says nothing any more. What another
    /// worker has written later stays.
    func cache(_ figure: Figure?, _ question: QuoteFallback.Question, _ place: String, at now: Int64) throws {
        let said = figure?.asOf?.microseconds ?? now
        let newer = try first(
            "SELECT 1 FROM quote_cache WHERE question = ? AND place = ? AND as_of > ? AND as_of <= ? LIMIT 1",
            .text(question.rawValue), .text(place), .integer(said), .integer(now)
        ) { $0.integer(0) }
        guard newer == nil else { return }
        try execute(
            "DELETE FROM quote_cache WHERE question = ? AND place = ?", .text(question.rawValue), .text(place))
        for row in figure?.rows ?? [] {
            try execute(
                "INSERT OR REPLACE INTO quote_cache (question, place, detail, value, as_of) VALUES (?, ?, ?, ?, ?)",
                .text(question.rawValue), .text(place), .text(row.detail), .text(row.value), .integer(row.asOf))
        }
    }

    /// Removes up to `limit` rows that were said before `oldest`; returns how many.
    func pruneCache(_ question: QuoteFallback.Question, before oldest: Int64, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM quote_cache WHERE (question, place, detail) IN (
                SELECT question, place, detail FROM quote_cache WHERE question = ? AND as_of < ? LIMIT ?)
            """, .text(question.rawValue), .integer(oldest), .integer(Int64(limit)))
    }

    /// Removes the oldest of what there is too much of, up to `limit` rows; returns how many.
    func pruneCache(toRows most: Int, limit: Int) throws -> Int {
        let surplus = try cacheRowCount() - most
        guard surplus > 0 else { return 0 }
        return try execute(
            """
            DELETE FROM quote_cache WHERE (question, place, detail) IN (
                SELECT question, place, detail FROM quote_cache ORDER BY as_of LIMIT ?)
            """, .integer(Int64(min(surplus, limit))))
    }
}
