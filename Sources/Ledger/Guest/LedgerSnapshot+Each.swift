extension LedgerSnapshot {
    /// Calls `row` for each row of an answer until it returns false: for answers that may be too long for the memory.
    package final func each(
        text sql: String, _ values: [SQLValue] = [], row: (borrowing SQLRow) throws(LedgerError) -> Bool
    ) throws(LedgerError) {
        try connection.each(try connection.prepare(text: sql), { $0.values(values) }, row: row)
    }
}
