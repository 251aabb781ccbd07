package import Ledger
internal import Models

extension WaitingOrders {
    /// How the orders that wait are found.
    struct Search: Hashable, Sendable {
        /// Whether the ledger says which orders were called off.
        var knowsLastWords = true
        /// Whether the store's tables have the index of those that wait: no older worker has made it.
        var hasIndex = true
        /// Whether those are meant that are dead letters, of which there are few, and not the others.
        var areDeadLetters = false
        /// Whether only those count that were taken until a time.
        var isLimited = false
    }

    /// What is taken and not answered has an index of its own that holds all that is asked here, so that this costs no
    /// more where the store has ever so many orders. Sums are made of whole numbers, in two parts, because money is no
    /// floating-point number and a sum of many may be too long for one.
    static func sql(_ search: Search = Search()) -> String {
        let isIndexed = search.hasIndex && !search.areDeadLetters
        return """
            SELECT currency, scale, \(search.areDeadLetters ? 1 : 0), count(*), sum(units / 1000000000),
                sum(units % 1000000000), min(taken_at), number
            FROM (
                SELECT o.number, o.currency, o.taken_at, \(units) AS units, \(scale) AS scale
                FROM store_order AS o \(isIndexed ? "INDEXED BY store_order_waiting" : "")
                WHERE o.origin = 'online' AND o.taken_revision > coalesce(o.answered_revision, 0)
                    AND EXISTS (
                        SELECT 1 FROM store_demand AS d INDEXED BY store_demand_unanswered
                        WHERE d.kind = 'unanswered' AND d.number = o.number)
                    AND o.number \(search.areDeadLetters ? "IN" : "NOT IN") (\(deadLetters))
                    \(search.knowsLastWords ? notCalledOff : "") \(search.isLimited ? "AND o.taken_at <= ?" : ""))
            GROUP BY currency, scale
            """
    }

    /// A total in its smallest unit, and how many decimals it has.
    static let units = "CAST(replace(o.total, '.', '') AS INTEGER)"
    static let scale = "CASE instr(o.total, '.') WHEN 0 THEN 0 ELSE length(o.total) - instr(o.total, '.') END"

    /// Found once, not for each order. An older revision that failed says nothing: the newest restates the whole order.
    private static let deadLetters = """
        SELECT l.subject FROM dead_letter AS l INDEXED BY dead_letter_unsettled
            CROSS JOIN store_order AS w ON w.number = l.subject AND w.origin = 'online'
        WHERE l.state IN ('open', 'replayed') AND l.state = 'open' AND l.flow = '\(Catalogue.orderPlaced.queue)'
            AND l.revision >= w.taken_revision
        """

    /// Found once as well.
    private static let notCalledOff = """
        AND o.number NOT IN (
            SELECT subject FROM last_word WHERE family = '\(Catalogue.orderPlaced.family)' AND is_cancelled = 1)
        """
}

extension LedgerSnapshot {
    /// The orders that wait for the ERP's answer; nil where the store has no tables in this ledger, so that nobody
    /// noted them.
    /// - Parameter time: Only those that the store had taken by then, in microseconds since 1970.
    package func waitingOrders(takenBy time: Int64? = nil) throws -> WaitingOrders? {
        guard try hasOrderTimes() else { return nil }
        var search = WaitingOrders.Search(
            knowsLastWords: try isNamed("last_word"), hasIndex: try isNamed("store_order_waiting"),
            isLimited: time != nil)
        let values = time.map { [SQLValue.integer($0)] } ?? []
        var parts = try query(text: WaitingOrders.sql(search), values) { WaitingOrders.Part($0) }
        search.areDeadLetters = true
        parts += try query(text: WaitingOrders.sql(search), values) { WaitingOrders.Part($0) }
        return WaitingOrders(parts)
    }

    /// Whether the store's tables are here, and say when orders were taken.
    func hasOrderTimes() throws -> Bool {
        try first("SELECT 1 FROM pragma_table_info('store_order') WHERE name = 'taken_at'") { $0.integer(0) } != nil
    }

    /// Whether there is a table or an index of that name.
    private func isNamed(_ name: String) throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE name = ?", .text(name)) { $0.integer(0) } != nil
    }
}

extension WaitingOrders.Part {
    /// `number` is that of the row that was taken first.
    init(_ row: borrowing SQLRow) {
        currency = row.optionalText(0)
        scale = Int(row.integer(1))
        isDeadLetter = row.integer(2) != 0
        count = Int(row.integer(3))
        sum = row.isNull(4) ? nil : (billions: row.integer(4), rest: row.integer(5))
        oldest = row.optionalInteger(6).map { WaitingOrders.Oldest(number: row.text(7), takenAt: $0) }
    }
}
