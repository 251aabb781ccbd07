internal import CSQLite

extension SQLiteConnection {
    /// The statement of a literal text, prepared once.
    @inline(__always)
    func prepare(_ sql: StaticString) throws(LedgerError) -> Prepared {
        guard sql.hasPointerRepresentation, let slot = statements.slot(for: sql.utf8Start) else {
            return try compileOnce(sql.description)
        }
        guard let statement = slot.pointee.statement, sqlite3_stmt_busy(statement) == 0 else {
            return try fill(slot, sql)
        }
        return Prepared(statement: statement, parameters: slot.pointee.parameters, isCached: true)
    }

    /// The statement of a text made at run time.
    func prepare(text: String) throws(LedgerError) -> Prepared {
        if let entry = statements.entry(text: text), let statement = entry.statement {
            guard sqlite3_stmt_busy(statement) == 0 else { return try compileOnce(text) }
            return Prepared(statement: statement, parameters: entry.parameters, isCached: true)
        }
        let statement = try compile(text, persistent: true)
        let parameters = sqlite3_bind_parameter_count(statement)
        statements.keep(.init(key: nil, statement: statement, parameters: parameters), text: text)
        return Prepared(statement: statement, parameters: parameters, isCached: true)
    }

    private func fill(
        _ slot: UnsafeMutablePointer<StatementCache.Entry>, _ sql: StaticString
    ) throws(LedgerError) -> Prepared {
        // Its rows are being read further up the stack: this use gets a statement of its own.
        guard slot.pointee.statement == nil else { return try compileOnce(sql.description) }
        let statement = try compile(sql.description, persistent: true)
        let parameters = sqlite3_bind_parameter_count(statement)
        slot.pointee = .init(key: sql.utf8Start, statement: statement, parameters: parameters)
        return Prepared(statement: statement, parameters: parameters, isCached: true)
    }

    private func compileOnce(_ sql: String) throws(LedgerError) -> Prepared {
        let statement = try compile(sql, persistent: false)
        return Prepared(
            statement: statement, parameters: sqlite3_bind_parameter_count(statement), isCached: false)
    }

    private func compile(_ sql: String, persistent: Bool) throws(LedgerError) -> OpaquePointer {
        var statement: OpaquePointer?
        let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        try check(sqlite3_prepare_v3(handle, sql, -1, flags, &statement, nil))
        guard let statement else { throw .sql(code: SQLITE_MISUSE, message: "there is no statement in: \(sql)") }
        return statement
    }
}
