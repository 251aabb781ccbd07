import CSQLite

/// One SQLite connection with its prepared statements. Not Sendable: ``Books`` guards it with a lock.
final class Connection {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    init(path: String) throws(SimulatorError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw .books(path, String(cString: sqlite3_errstr(code)))
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, 5_000)
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    /// Runs statements without parameters or rows.
    func script(_ sql: String) throws(SimulatorError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// Runs a statement and returns its rows.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue] = []) throws(SimulatorError) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        let statement = try start(sql, values)
        defer { statement.reset() }
        while try advance(statement) { rows.append(statement.row()) }
        return rows
    }

    /// Runs a statement and hands its rows on, one by one, until it is told to stop.
    func each(_ sql: String, _ values: [SQLValue], _ body: ([SQLValue]) throws -> Bool) throws {
        let statement = try start(sql, values)
        defer { statement.reset() }
        while try advance(statement) {
            guard try body(statement.row()) else { return }
        }
    }

    /// The whole database; empty when SQLite has no memory for a copy.
    func image() -> [UInt8] {
        var size: sqlite3_int64 = 0
        guard let bytes = sqlite3_serialize(handle, "main", &size, 0) else { return [] }
        defer { sqlite3_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
    }

    /// Takes the contents of a database in memory over. SQLite owns the copy.
    func load(_ image: [UInt8]) throws(SimulatorError) {
        let size = sqlite3_int64(image.count)
        guard let bytes = sqlite3_malloc64(sqlite3_uint64(image.count))?.assumingMemoryBound(to: UInt8.self) else {
            throw .books("", "there is no memory for a copy")
        }
        bytes.update(from: image, count: image.count)
        let flags = UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE)
        try check(sqlite3_deserialize(handle, "main", bytes, size, size, flags))
    }

    private func start(_ sql: String, _ values: [SQLValue]) throws(SimulatorError) -> Statement {
        let statement = try prepared(sql)
        try check(statement.bind(values))
        return statement
    }

    /// False after the last row.
    private func advance(_ statement: Statement) throws(SimulatorError) -> Bool {
        switch statement.step() {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    private func prepared(_ sql: String) throws(SimulatorError) -> Statement {
        if let known = statements[sql] { return known }
        guard let statement = Statement(handle, sql) else { throw failure() }
        statements[sql] = statement
        return statement
    }

    private func check(_ code: Int32) throws(SimulatorError) {
        guard code == SQLITE_OK else { throw failure() }
    }

    private func failure() -> SimulatorError {
        .books("", String(cString: sqlite3_errmsg(handle)))
    }
}
