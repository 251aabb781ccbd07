package import Ledger
internal import Models

extension WaitingOrders {
    /// What is sold and not answered has an index of its own, so that this costs no more where the store has ever so
    /// many orders. Sums are made of whole numbers, in two parts, because money is no floating-point number and a sum
    /// of many may be too long for one.
    /// - Parameter knowsLastWords: Whether the ledger says which orders were called off.
    static func sql(knowsLastWords: Bool) -> String {
        """
        SELECT currency, scale, count(*), sum(units / 1000000000), sum(units % 1000000000), min(taken_at), number
        FROM (
            SELECT o.number, o.currency, o.taken_at, CAST(replace(o.total, '.', '') AS INTEGER) AS units,
                CASE instr(o.total, '.') WHEN 0 THEN 0 ELSE length(o.total) - instr(o.total, '.') END AS scale
            FROM (
                SELECT DISTINCT number FROM store_demand INDEXED BY store_demand_unanswered WHERE kind = 'unanswered'
            ) AS d CROSS JOIN store_order AS o ON o.number = d.number AND o.origin = 'online'
            WHERE o.taken_revision > coalesce(o.answered_revision, 0) \(knowsLastWords ? notCalledOff : ""))
        GROUP BY currency, scale
        """
    }

    /// Found once, not for each order.
    private static let notCalledOff = """
        AND o.number NOT IN (
            SELECT subject FROM last_word WHERE family = '\(Catalogue.orderPlaced.family)' AND is_cancelled = 1)
        """
}

extension LedgerSnapshot {
    /// The orders that wait for the ERP's answer; nil where the store has no tables in this ledger, so that nobody
    /// noted them.
    package func waitingOrders() throws -> WaitingOrders? {
        let isNoted = try first("SELECT 1 FROM pragma_table_info('store_order') WHERE name = 'taken_at'") {
            $0.integer(0)
        }
        guard isNoted != nil else { return nil }
        let words = try first("SELECT 1 FROM sqlite_schema WHERE name = 'last_word'") { $0.integer(0) }
        let sql = WaitingOrders.sql(knowsLastWords: words != nil)
        return WaitingOrders(try query(text: sql) { WaitingOrders.Part($0) })
    }
}

extension WaitingOrders.Part {
    /// `number` is that of the row that was taken first.
    fileprivate init(_ row: borrowing SQLRow) {
        currency = row.optionalText(0)
        scale = Int(row.integer(1))
        count = Int(row.integer(2))
        sum = row.isNull(3) ? nil : (billions: row.integer(3), rest: row.integer(4))
        oldest = row.optionalInteger(5).map { WaitingOrders.Oldest(number: row.text(6), takenAt: $0) }
    }
}
