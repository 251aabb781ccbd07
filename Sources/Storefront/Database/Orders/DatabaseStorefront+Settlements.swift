internal import Ledger
internal import Models

extension DatabaseStorefront {
    /// Shows what the ERP charges for what an order had estimated, in place of what was shown of that.
    func show(_ settlements: [QuoteSettlement]?, of number: String, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_order_settlement WHERE number = ?", .text(number))
        for settlement in settlements ?? [] {
            try transaction.execute(
                """
                INSERT INTO store_order_settlement (number, question, basis, currency, quoted, settled, difference)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
            ) { bind in
                bind.text(number)
                bind.text(settlement.question.rawValue)
                bind.text(settlement.basis.rawValue)
                bind.text(settlement.currency.code)
                bind.text(settlement.quoted.description)
                bind.text(settlement.settled.description)
                bind.text(settlement.difference.description)
            }
        }
    }
}
