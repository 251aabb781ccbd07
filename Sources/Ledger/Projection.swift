// The statements of projections: tables that other modules bring along with `Ledger.migrate`.

extension LedgerSnapshot {
    /// The rows of an answer. The statement is prepared once for each place in the source.
    public final func query<Value>(
        _ sql: StaticString, _ values: SQLValue..., row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> [Value] {
        try connection.all(try connection.prepare(sql), { $0.values(values) }, row: row)
    }

    /// The rows of an answer to a statement whose text is made at run time.
    public final func query<Value>(
        text sql: String, _ values: [SQLValue] = [], row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> [Value] {
        try connection.all(try connection.prepare(text: sql), { $0.values(values) }, row: row)
    }

    /// The first row of an answer.
    public final func first<Value>(
        _ sql: StaticString, _ values: SQLValue..., row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value? {
        try connection.first(sql, { $0.values(values) }, row: row)
    }

    /// The first row of an answer, its values bound without making an array of them.
    public final func first<Value>(
        _ sql: StaticString, bind: (inout SQLBinder) -> Void,
        row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value? {
        try connection.first(sql, bind, row: row)
    }
}

extension LedgerTransaction {
    /// Runs a statement; returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: StaticString, _ values: SQLValue...) throws(LedgerError) -> Int {
        try connection.run(sql) { $0.values(values) }
    }

    /// Runs a statement whose text is made at run time; returns how many rows it changed.
    @discardableResult
    public func execute(text sql: String, _ values: [SQLValue] = []) throws(LedgerError) -> Int {
        try connection.run(text: sql) { $0.values(values) }
    }

    /// Runs a statement, the fast way: its values are bound in order, with nothing allocated in between.
    @discardableResult
    public func execute(_ sql: StaticString, bind: (inout SQLBinder) -> Void) throws(LedgerError) -> Int {
        try connection.run(sql, bind)
    }
}

extension SQLBinder {
    mutating func values(_ values: [SQLValue]) {
        for value in values { self.value(value) }
    }
}
