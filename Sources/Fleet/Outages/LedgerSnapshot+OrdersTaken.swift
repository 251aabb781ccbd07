package import Ledger

extension LedgerSnapshot {
    /// The orders that the store has taken in a span of time, in microseconds since 1970, and what they are worth, in the
    /// form of those that wait; nil where the store has no tables in this ledger, so that nobody noted them. Looks at every
    /// order that is noted: for what is asked once.
    package func ordersTaken(from start: Int64, to end: Int64) throws -> WaitingOrders? {
        let isNoted = try first("SELECT 1 FROM pragma_table_info('store_order') WHERE name = 'taken_at'") {
            $0.integer(0)
        }
        guard isNoted != nil else { return nil }
        return WaitingOrders(
            try query(
                """
                SELECT currency, scale, count(*), sum(units / 1000000000), sum(units % 1000000000)
                FROM (
                    SELECT currency, CAST(replace(total, '.', '') AS INTEGER) AS units,
                        CASE instr(total, '.') WHEN 0 THEN 0 ELSE length(total) - instr(total, '.') END AS scale
                    FROM store_order WHERE origin = 'online' AND taken_at BETWEEN ? AND ?)
                GROUP BY currency, scale
                """, .integer(start), .integer(end)
            ) { row in
                WaitingOrders.Part(
                    currency: row.optionalText(0), scale: Int(row.integer(1)), count: Int(row.integer(2)),
                    sum: row.isNull(3) ? nil : (billions: row.integer(3), rest: row.integer(4)), oldest: nil)
            })
    }
}
