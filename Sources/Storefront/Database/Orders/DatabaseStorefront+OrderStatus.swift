public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the order, its lines and a history row; what the ERP now holds replaces what the store had sold.
    public func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws {
        let isTaken = try isTaken(status.number, in: transaction)
        let earlier = isTaken == nil ? nil : try holdings(of: status.number, in: transaction)
        try transaction.execute(
            """
            INSERT INTO store_order (number, origin, erp_number, state, reason_code, reason, revision, answered_revision,
                changed_at, answered_at)
            VALUES (?1, 'online', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (number, origin) DO UPDATE SET erp_number = coalesce(?2, erp_number), state = ?3, reason_code = ?4,
                reason = ?5, revision = ?6, answered_revision = max(coalesce(answered_revision, 0), ?7), changed_at = ?8,
                answered_at = CASE WHEN ?7 > coalesce(answered_revision, 0) THEN ?9 ELSE answered_at END
            """
        ) { bind in
            bind.text(status.number)
            bind.text(status.erpNumber)
            bind.text(status.state.rawValue)
            bind.text(status.reason?.code)
            bind.text(status.reason?.text)
            bind.integer(status.revision)
            bind.integer(status.answeredRevision)
            bind.text(time.description)
            bind.integer(time.microseconds)
        }
        let lines = status.lines.map { ShownLine($0) }
        // Also where there is no order: somebody may have taken it out of the store's tables, and left its lines.
        try removeLines(of: status.number, .online, in: transaction)
        try insert(lines, of: status.number, .online, in: transaction)
        try show(status.settlements, of: status.number, in: transaction)
        try handOver(lines, of: status.number, from: earlier, at: time, in: transaction)
        // What was never noted wants nothing beyond what the ERP holds for it.
        if isTaken == true { try recount(status.number, in: transaction) }
        try addHistory(
            status.number, .online, status.revision, status.state, status.reason, time, in: transaction)
    }

    func removeLines(of number: String, _ origin: Origin, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_order_line WHERE number = ? AND origin = ?") { bind in
            bind.text(number)
            bind.text(origin.rawValue)
        }
    }

    func insert(
        _ lines: [ShownLine], of number: String, _ origin: Origin, in transaction: LedgerTransaction
    ) throws {
        for (position, line) in lines.enumerated() {
            try transaction.execute(
                """
                INSERT INTO store_order_line (number, origin, line_id, position, sku, unit, unit_price, amount,
                    price_version, status, ordered, allocated, shipped, backordered, warehouse, promised_date,
                    substitute_sku, reason_code, reason, held_micro)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { bind in
                bind.text(number)
                bind.text(origin.rawValue)
                bind.text(line.id)
                bind.integer(Int64(position))
                bind.text(line.sku)
                bind.text(line.position?.unit.code)
                bind.text(line.position?.unitPrice.description)
                bind.text(line.position?.amount.description)
                bind.text(line.position?.priceVersion)
                bind.text(line.status?.status.rawValue)
                bind.text(line.ordered.description)
                bind.text(line.status?.quantities.allocated.description)
                bind.text(line.status?.quantities.shipped.description)
                bind.text(line.status?.quantities.backordered.description)
                bind.text(line.status?.warehouse)
                bind.text(line.status?.promisedDate?.description)
                bind.text(line.status?.substituteSKU)
                bind.text(line.status?.reason?.code)
                bind.text(line.status?.reason?.text)
                bind.integer(line.heldMillionths)
            }
        }
    }

    /// Not when it only restates what was shown last, as a resync does.
    func addHistory(
        _ number: String, _ origin: Origin, _ revision: Int64, _ state: OrderStatus.State,
        _ reason: OrderStatus.Reason?, _ time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO store_order_history (number, origin, revision, at, state, reason_code, reason)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
                SELECT 1 FROM (
                    SELECT at, state, reason_code, reason FROM store_order_history
                    WHERE number = ?1 AND origin = ?2 ORDER BY revision DESC LIMIT 1)
                WHERE at = ?4 AND state = ?5 AND reason_code IS ?6 AND reason IS ?7)
            ON CONFLICT DO NOTHING
            """
        ) { bind in
            bind.text(number)
            bind.text(origin.rawValue)
            bind.integer(revision)
            bind.text(time.description)
            bind.text(state.rawValue)
            bind.text(reason?.code)
            bind.text(reason?.text)
        }
    }
}
