import Models
import Synchronization

/// The simulated ERP's books: orders and the audit, on a SQLite file of its own.
///
/// An answer is given only after its commit, so the books survive a killed simulator. (Not a power cut:
/// `synchronous=OFF`, for nothing here is worth a disk's latency in the ERP's.)
public final class Books: Sendable {
    /// An order and the store's content that it last accepted.
    struct Entry {
        var order: StandingOrder
        var content: String
    }

    /// The lock that makes the connection safe to share.
    private let connection: Mutex<Connection>

    /// Opens or creates the file; nil keeps the books in memory.
    public init(path: String?) throws(SimulatorError) {
        let connection = try Connection(path: path ?? ":memory:")
        do {
            try connection.script(Self.schema)
        } catch .books(_, let why) {
            throw .books(path ?? "memory", why)
        } catch {
            throw error
        }
        self.connection = Mutex(connection)
    }

    /// Does a request's work and its audit together: both stand, or neither.
    func write(_ trace: Trace, _ body: (Page) throws -> Reply) throws -> Reply {
        try transaction { page in
            let reply = try body(page)
            try page.audit(trace, reply)
            return reply
        }
    }

    /// Looks without leaving a trace.
    func read<Value: Sendable>(_ body: (Page) throws -> Value) throws -> Value {
        try transaction(body)
    }

    private func transaction<Value: Sendable>(_ body: (Page) throws -> Value) throws -> Value {
        try connection.withLock { connection in
            try connection.run("BEGIN IMMEDIATE")
            do {
                let value = try body(Page(connection: connection))
                try connection.run("COMMIT")
                return value
            } catch {
                _ = try? connection.run("ROLLBACK")
                throw error
            }
        }
    }

    private static let schema = """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=OFF;
        CREATE TABLE IF NOT EXISTS orders (
            erp_number TEXT PRIMARY KEY,
            store_number TEXT UNIQUE,
            store_revision INTEGER,
            version INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL,
            content TEXT NOT NULL,
            document TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            store_number TEXT,
            revision INTEGER,
            status INTEGER NOT NULL,
            effect TEXT NOT NULL,
            fault TEXT,
            erp_number TEXT
        );
        CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO counter VALUES ('version', 0), ('order', 0);
        """
}
