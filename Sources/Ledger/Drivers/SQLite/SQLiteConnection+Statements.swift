internal import CSQLite

extension SQLiteConnection {
    /// The row id of the last row that this connection has added to any table.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// A prepared statement together with whether it must be given up after use.
    struct Prepared {
        let statement: OpaquePointer
        let parameters: Int32
        let isCached: Bool
    }

    /// Runs a statement to its end; returns how many rows it changed.
    @inline(__always)
    func run(_ sql: StaticString, _ bind: (inout SQLBinder) -> Void) throws(LedgerError) -> Int {
        let prepared = try prepare(sql)
        let mark = arena.mark
        let code = step(prepared, bind)
        let changed = code == SQLITE_DONE ? sqlite3_changes(handle) : 0
        try finish(prepared, mark: mark, code: code)
        return Int(changed)
    }

    func run(text: String, _ bind: (inout SQLBinder) -> Void) throws(LedgerError) -> Int {
        let prepared = try prepare(text: text)
        let mark = arena.mark
        let code = step(prepared, bind)
        let changed = code == SQLITE_DONE ? sqlite3_changes(handle) : 0
        try finish(prepared, mark: mark, code: code)
        return Int(changed)
    }

    /// The first row of an answer.
    @inline(__always)
    func first<Value>(
        _ sql: StaticString, _ bind: (inout SQLBinder) -> Void,
        row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value? {
        var found: Value?
        try each(try prepare(sql), bind) { (line) throws(LedgerError) in
            found = try row(line)
            return false
        }
        return found
    }

    func all<Value>(
        _ prepared: Prepared, _ bind: (inout SQLBinder) -> Void,
        row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> [Value] {
        var found: [Value] = []
        try each(prepared, bind) { (line) throws(LedgerError) in
            found.append(try row(line))
            return true
        }
        return found
    }

    /// Calls `row` for each row until it returns false.
    func each(
        _ prepared: Prepared, _ bind: (inout SQLBinder) -> Void,
        row: (borrowing SQLRow) throws(LedgerError) -> Bool
    ) throws(LedgerError) {
        let mark = arena.mark
        var code = bindOnly(prepared, bind)
        if code == SQLITE_OK { code = sqlite3_step(prepared.statement) }
        do {
            while code == SQLITE_ROW, try row(SQLRow(statement: prepared.statement)) {
                code = sqlite3_step(prepared.statement)
            }
        } catch {
            release(prepared, mark: mark)
            throw error
        }
        try finish(prepared, mark: mark, code: code == SQLITE_ROW ? SQLITE_DONE : code)
    }

    /// Runs one or more statements without values, such as the ones that define tables.
    func script(_ sql: String) throws(LedgerError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    @inline(__always)
    private func step(_ prepared: Prepared, _ bind: (inout SQLBinder) -> Void) -> Int32 {
        var code = bindOnly(prepared, bind)
        guard code == SQLITE_OK else { return code }
        repeat { code = sqlite3_step(prepared.statement) } while code == SQLITE_ROW
        return code
    }

    @inline(__always)
    private func bindOnly(_ prepared: Prepared, _ bind: (inout SQLBinder) -> Void) -> Int32 {
        var binder = SQLBinder(statement: prepared.statement, arena: arena)
        bind(&binder)
        // Values left over from the last use would point to memory that has been reused.
        guard binder.count == prepared.parameters else { return SQLITE_MISUSE }
        return binder.status
    }

    @inline(__always)
    private func finish(_ prepared: Prepared, mark: Int, code: Int32) throws(LedgerError) {
        guard code == SQLITE_DONE else {
            let error = statementFailure(code, prepared)
            release(prepared, mark: mark)
            throw error
        }
        release(prepared, mark: mark)
    }

    @inline(__always)
    private func release(_ prepared: Prepared, mark: Int) {
        if prepared.isCached { sqlite3_reset(prepared.statement) } else { sqlite3_finalize(prepared.statement) }
        arena.reset(to: mark)
    }

    private func statementFailure(_ code: Int32, _ prepared: Prepared) -> LedgerError {
        guard code == SQLITE_MISUSE else { return failure(code) }
        let sql = String(cString: sqlite3_sql(prepared.statement))
        return .sql(code: code, message: "\(prepared.parameters) values are needed by: \(sql)")
    }
}
