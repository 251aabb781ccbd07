internal import Ledger
internal import Models

// What the store has sold that the ERP's stock does not show yet. It is one of two things: what the ERP has not answered,
// and what it has answered and holds, until the stock that it took this from is stated anew.
extension DatabaseStorefront {
    /// Counts anew what an order wants beyond what the ERP holds for it, and what its account owes for it; called after
    /// whatever was taken or answered.
    func recount(_ number: String, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_demand WHERE number = ? AND kind = 'unanswered'") { $0.text(number) }
        try transaction.execute(
            """
            INSERT INTO store_demand (sku, warehouse, number, line_id, kind, quantity_micro, since)
            SELECT t.sku, t.warehouse, t.number, t.line_id, 'unanswered',
                t.quantity_micro - coalesce(l.held_micro, 0), 0
            FROM store_order AS o JOIN store_taken_line AS t ON t.number = o.number
                LEFT JOIN store_order_line AS l
                    ON l.number = o.number AND l.origin = o.origin AND l.line_id = t.line_id AND l.sku = t.sku
                        AND (l.warehouse IS NULL OR t.warehouse IN ('', l.warehouse))
            WHERE o.number = ? AND o.origin = 'online' AND o.taken_revision > coalesce(o.answered_revision, 0)
                AND t.quantity_micro > coalesce(l.held_micro, 0)
            """
        ) { $0.text(number) }
        try transaction.execute(
            """
            UPDATE store_order SET owed_micro = NULL
            WHERE number = ? AND origin = 'online' AND owed_micro IS NOT NULL AND answered_revision >= taken_revision
                AND (state IN ('rejected', 'cancelled') OR answered_at <= (
                    SELECT known_at FROM store_customer AS c
                    WHERE c.account = store_order.account AND c.shown_at >= coalesce(store_order.taken_at, 0)))
            """
        ) { $0.text(number) }
    }

    // MARK: - What the ERP holds

    /// What the ERP held for a line of an order, as the store was last shown.
    struct Holding {
        var line: String
        var place: Place
        var quantity: Int64
    }

    /// Where goods are taken from.
    struct Place: Equatable {
        var sku: String
        var warehouse: String

        /// As the tables tell keys apart: byte for byte, where Swift takes composed and decomposed letters for the same.
        static func == (left: Place, right: Place) -> Bool {
            left.sku.utf8.elementsEqual(right.sku.utf8) && left.warehouse.utf8.elementsEqual(right.warehouse.utf8)
        }
    }

    /// A line's id as the contracts and tables compare it: byte for byte.
    typealias LineKey = [UInt8]

    /// Whether the order itself was noted, not only an answer to it; nil for one that the store has not heard of.
    func isTaken(_ number: String, in transaction: LedgerTransaction) throws -> Bool? {
        try transaction.first(
            "SELECT taken_revision IS NOT NULL FROM store_order WHERE number = ? AND origin = 'online'",
            .text(number)
        ) { $0.integer(0) != 0 }
    }

    /// What the ERP holds for each line of an order as it is shown, by line id.
    func holdings(of number: String, in transaction: LedgerTransaction) throws -> [LineKey: Holding] {
        let rows = try transaction.query(
            """
            SELECT l.line_id, coalesce(l.substitute_sku, l.sku), coalesce(l.warehouse, ''), l.held_micro
            FROM store_order_line AS l WHERE l.number = ? AND l.origin = 'online'
            """, .text(number)
        ) { row in
            let place = Place(sku: row.text(1), warehouse: row.text(2))
            return (LineKey(row.text(0).utf8), Holding(line: row.text(0), place: place, quantity: row.integer(3)))
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// What the ERP newly holds is sold, but may still be in the stock that it last told of: it counts until that stock
    /// is of a later time, and was shown after the order was placed. Where the ERP does not say which warehouse it takes
    /// goods from, it may be any, whichever the order prefers.
    ///
    /// - Parameter earlier: What was held before; nil for an order that the store hears of for the first time. Of such a one,
    ///   what is shipped has long left the stock.
    func handOver(
        _ lines: [ShownLine], of number: String, from earlier: [LineKey: Holding]?, at time: Timestamp,
        in transaction: LedgerTransaction
    ) throws {
        var left = earlier ?? [:]
        for line in lines {
            let place = Place(
                sku: line.status?.substituteSKU ?? line.sku,
                warehouse: line.status?.warehouse ?? Self.anyWarehouse)
            let held = earlier == nil ? line.allocatedMillionths : line.heldMillionths
            var was: Int64 = 0
            let key = LineKey(line.id.utf8)
            if let holding = left[key], holding.place == place {
                was = holding.quantity
                left[key] = nil
            }
            if held > was {
                try add(held - was, number, line.id, place, at: time, in: transaction)
            } else if held < was {
                try limit(to: held, number, line.id, place, in: transaction)
            }
        }
        for was in left.values where was.quantity > 0 { try drop(number, was.line, was.place, in: transaction) }
    }

    private func add(
        _ quantity: Int64, _ number: String, _ line: String, _ place: Place, at time: Timestamp,
        in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO store_demand (sku, warehouse, number, line_id, kind, quantity_micro, since)
            SELECT ?1, ?2, ?3, ?4, 'handover', ?5, ?6
            WHERE NOT EXISTS (
                SELECT 1 FROM store_stock WHERE sku = ?1 AND (warehouse = ?2 OR ?2 = '') AND known_at >= ?6
                    AND shown_at >= coalesce(
                        (SELECT taken_at FROM store_order WHERE number = ?3 AND origin = 'online'), 0))
            ON CONFLICT DO UPDATE SET quantity_micro = quantity_micro + ?5, since = max(since, ?6)
            """
        ) { bind in
            bind.text(place.sku)
            bind.text(place.warehouse)
            bind.text(number)
            bind.text(line)
            bind.integer(quantity)
            bind.integer(time.microseconds)
        }
    }

    /// What the ERP has let go is in the stock again as soon as it says so.
    private func limit(
        to quantity: Int64, _ number: String, _ line: String, _ place: Place, in transaction: LedgerTransaction
    ) throws {
        guard quantity > 0 else { return try drop(number, line, place, in: transaction) }
        try transaction.execute(
            """
            UPDATE store_demand SET quantity_micro = min(quantity_micro, ?)
            WHERE sku = ? AND warehouse = ? AND number = ? AND line_id = ? AND kind = 'handover'
            """
        ) { bind in
            bind.integer(quantity)
            bind.text(place.sku)
            bind.text(place.warehouse)
            bind.text(number)
            bind.text(line)
        }
    }

    private func drop(
        _ number: String, _ line: String, _ place: Place, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            DELETE FROM store_demand
            WHERE sku = ? AND warehouse = ? AND number = ? AND line_id = ? AND kind = 'handover'
            """
        ) { bind in
            bind.text(place.sku)
            bind.text(place.warehouse)
            bind.text(number)
            bind.text(line)
        }
    }

    // MARK: - What has been stated anew

    /// The stock of this time has whatever the ERP held by then. What it held a week before is in the stock of the
    /// whole warehouse: a product that was not stated since did not change by it.
    func settleHandovers(of stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            DELETE FROM store_demand
            WHERE sku = ? AND warehouse IN (?, '') AND kind = 'handover' AND since <= ?
            """
        ) { bind in
            bind.text(stock.sku)
            bind.text(stock.warehouse)
            bind.integer(time.microseconds)
        }
        try transaction.execute(
            "DELETE FROM store_demand WHERE warehouse IN (?, '') AND kind = 'handover' AND since <= ?"
        ) { bind in
            bind.text(stock.warehouse)
            bind.integer(Self.weekBefore(time))
        }
    }

    /// What an account has used of its credit at this time has every order that the ERP had answered by then, and that of
    /// any account every order of a week before.
    func settleDebts(of customer: Customer, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            UPDATE store_order SET owed_micro = NULL
            WHERE account = ? AND owed_micro IS NOT NULL AND answered_revision >= taken_revision AND answered_at <= ?
            """
        ) { bind in
            bind.text(customer.account)
            bind.integer(time.microseconds)
        }
        try transaction.execute(
            """
            UPDATE store_order SET owed_micro = NULL
            WHERE owed_micro IS NOT NULL AND answered_revision >= taken_revision AND answered_at <= ?
            """
        ) { $0.integer(Self.weekBefore(time)) }
    }

    /// The ERP's changes come in its order, but some are late: those of a page that is held back, or of a letter that waits
    /// for a person. A time in the future is a clock's mistake, and ends nothing before it is due.
    private static func weekBefore(_ time: Timestamp) -> Int64 {
        min(time, .now()).microseconds - 604_800_000_000
    }
}
