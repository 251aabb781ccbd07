import Models
import Synchronization

/// The simulated ERP's books: orders, goods, accounts, prices, shipments and the audit, on a SQLite file of its own. One counter
/// is the sequence of every change.
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
    private let clock: CompanyClock
    private let isStockFinite: Bool
    private let isInMemory: Bool

    /// Opens or creates the file; nil keeps the books in memory.
    init(path: String?, clock: CompanyClock, isStockFinite: Bool) throws(SimulatorError) {
        self.clock = clock
        self.isStockFinite = isStockFinite
        isInMemory = path == nil
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

    /// Fills books that are new, or that a smaller company filled. `today` is kept: reopened books go on with theirs, which is
    /// returned.
    func fill(_ masterData: MasterData, today: BusinessDay) throws(SimulatorError) -> BusinessDay {
        do {
            guard isInMemory else { return try transaction { try Self.fill($0, masterData, today) } }
            return try fillMemory(FilledBooks.Company(masterData: masterData, today: today))
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw .books("", "\(error)")
        }
    }

    private func fillMemory(_ company: FilledBooks.Company) throws -> BusinessDay {
        if let image = FilledBooks.shared.image(of: company) {
            try connection.withLock { try $0.load(image) }
            return company.today
        }
        let day = try transaction { try Self.fill($0, company.masterData, company.today) }
        FilledBooks.shared.keep(connection.withLock { $0.image() }, of: company)
        return day
    }

    private static func fill(_ page: Page, _ masterData: MasterData, _ today: BusinessDay) throws -> BusinessDay {
        let day = BusinessDay(number: try page.note("day", today.number))
        let size = masterData.productCount + masterData.accounts + masterData.priceLists
        guard try page.grow("catalogue", to: Int64(size)) else { return day }
        try CatalogueMaker(masterData: masterData, today: day).fill(page)
        return day
    }

    /// Changes what nobody asked for through the interface, without a trace in the audit.
    func change<Value: Sendable>(_ body: (Page) throws -> Value) throws -> Value {
        try transaction(body)
    }

    /// Looks without leaving a trace.
    func read<Value: Sendable>(_ body: (Page) throws -> Value) throws -> Value {
        try transaction(body)
    }

    private func transaction<Value: Sendable>(_ body: (Page) throws -> Value) throws -> Value {
        try connection.withLock { connection in
            try connection.run("BEGIN IMMEDIATE")
            do {
                let page = Page(connection: connection, now: clock.now, isStockFinite: isStockFinite)
                let value = try body(page)
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
        CREATE INDEX IF NOT EXISTS orders_open ON orders (version) WHERE state IN ('accepted', 'partially-shipped');
        CREATE TABLE IF NOT EXISTS objects (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            is_open INTEGER NOT NULL,
            document TEXT NOT NULL,
            UNIQUE (kind, key)
        );
        CREATE UNIQUE INDEX IF NOT EXISTS objects_by_version ON objects (kind, version);
        CREATE INDEX IF NOT EXISTS objects_open ON objects (kind, version) WHERE is_open = 1;
        CREATE TABLE IF NOT EXISTS stock (
            id INTEGER PRIMARY KEY,
            sku TEXT NOT NULL,
            warehouse TEXT NOT NULL,
            version INTEGER NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            unit TEXT NOT NULL,
            on_hand INTEGER NOT NULL,
            reserved INTEGER NOT NULL,
            incoming TEXT,
            lead_time INTEGER,
            UNIQUE (sku, warehouse)
        );
        CREATE UNIQUE INDEX IF NOT EXISTS stock_by_warehouse ON stock (warehouse, version);
        CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO counter VALUES ('version', 0), ('order', 0), ('product', 0), ('catalogue', -1);
        """
}
