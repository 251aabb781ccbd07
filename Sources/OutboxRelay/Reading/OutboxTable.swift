internal import Fleet
internal import Ledger

/// The table of a store's outbox: in the store's own database, created by the store, written in its transactions.
enum OutboxTable {
    /// Counts its shapes.
    static let version: Int64 = 1

    /// What `outbox-relay schema` prints.
    static var script: String {
        "-- The outbox of a store, version \(version). Safe to run again.\n"
            + statements.map { $0 + ";\n" }.joined(separator: "\n")
    }

    /// To be run in this order; each may be run again.
    static let statements = [
        """
        CREATE TABLE IF NOT EXISTS stevedore_outbox (
            -- What a store writes:
            type         TEXT    NOT NULL CHECK (type <> ''),        -- order.placed.v1, order.amended.v1 ...
            subject      TEXT    NOT NULL CHECK (subject <> ''),     -- the order's number
            revision     INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision > 0),
            data         TEXT    NOT NULL,                           -- the whole object as JSON
            -- What a store may write:
            message_id   TEXT    NOT NULL UNIQUE DEFAULT (lower(
                hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
                || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-'
                || hex(randomblob(6)))),
            traceparent  TEXT,                                       -- W3C trace context
            created_at   TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
            -- What outbox-relay writes:
            id           INTEGER PRIMARY KEY AUTOINCREMENT,          -- the order in which rows are published
            sent_at      TEXT,                                       -- when the broker had confirmed it
            refused_at   TEXT,
            refused_code TEXT,                                       -- why it cannot be published
            refused_text TEXT
        )
        """,
        """
        CREATE INDEX IF NOT EXISTS stevedore_outbox_waiting ON stevedore_outbox (id, type)
            WHERE sent_at IS NULL AND refused_code IS NULL
        """,
        "CREATE INDEX IF NOT EXISTS stevedore_outbox_sent ON stevedore_outbox (sent_at) WHERE sent_at IS NOT NULL",
        """
        CREATE INDEX IF NOT EXISTS stevedore_outbox_refused ON stevedore_outbox (id)
            WHERE refused_code IS NOT NULL
        """,
        "CREATE TABLE IF NOT EXISTS stevedore_outbox_schema (version INTEGER NOT NULL)",
        """
        INSERT INTO stevedore_outbox_schema (version)
            SELECT \(version) WHERE NOT EXISTS (SELECT 1 FROM stevedore_outbox_schema)
        """,
    ]

    private static let columns = [
        "id", "type", "subject", "revision", "data", "message_id", "traceparent", "created_at", "sent_at", "refused_at",
        "refused_code", "refused_text",
    ]

    /// Refuses a database whose outbox this program does not know.
    static func check(_ snapshot: LedgerSnapshot, path: String) throws {
        let found = try snapshot.query("SELECT name FROM pragma_table_info('stevedore_outbox')") { $0.text(0) }
        guard !found.isEmpty else { throw ProgramError.noOutbox(path) }
        let encoding = try snapshot.query("PRAGMA encoding") { $0.text(0) }
        guard encoding == ["UTF-8"] else { throw ProgramError.otherEncoding(path, encoding.first ?? "unknown") }
        let tables = try snapshot.query(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'stevedore_outbox_schema'"
        ) { $0.integer(0) }
        guard tables == [1] else { throw ProgramError.otherShape(path, ["the table stevedore_outbox_schema"]) }
        let versions = try snapshot.query("SELECT max(version) FROM stevedore_outbox_schema") { $0.integer(0) }
        guard let newest = versions.first, newest <= version else {
            throw ProgramError.newerOutbox(path, found: versions.first ?? 0)
        }
        let missing = columns.filter { !found.contains($0) }
        guard missing.isEmpty else { throw ProgramError.otherShape(path, missing.map { "the column \($0)" }) }
    }
}
