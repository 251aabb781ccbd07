public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the stock and what is on its way; what the ERP held by then is in it.
    public func show(_ stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws {
        let available = stock.available
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_stock (sku, warehouse, unit, on_hand, reserved, available, available_micro,
                lead_time_days, next_receipt_date, revision, changed_at, known_at, shown_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(stock.sku)
            bind.text(stock.warehouse)
            bind.text(stock.unit.code)
            bind.text(stock.onHand.description)
            bind.text(stock.reserved.description)
            bind.text(available.description)
            bind.integer(available.millionths)
            bind.integer(stock.leadTimeDays)
            bind.text(stock.incoming.map(\.date).min()?.description)
            bind.integer(stock.revision)
            bind.text(time.description)
            bind.integer(time.microseconds)
            bind.integer(Timestamp.now().microseconds)
        }
        try replaceIncoming(of: stock, in: transaction)
        try settleHandovers(of: stock, at: time, in: transaction)
    }

    private func replaceIncoming(of stock: Stock, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_incoming WHERE sku = ? AND warehouse = ?") { bind in
            bind.text(stock.sku)
            bind.text(stock.warehouse)
        }
        for (position, receipt) in stock.incoming.enumerated() {
            try transaction.execute(
                "INSERT INTO store_incoming (sku, warehouse, date, position, quantity) VALUES (?, ?, ?, ?, ?)"
            ) { bind in
                bind.text(stock.sku)
                bind.text(stock.warehouse)
                bind.text(receipt.date.description)
                bind.integer(Int64(position))
                bind.text(receipt.quantity.description)
            }
        }
    }
}
