package import ERP
package import Ledger
package import Models

/// What a store's order said of figures that were not answered live, and what the ERP charges for each.
///
/// A revision that is not taken leaves the one before it standing: so each revision's are kept until a newer one is taken.
package enum OrderSettlement {
    static let migration = LedgerMigration(
        number: 10, name: "order settlements",
        script: """
            CREATE TABLE order_settlement (
                subject TEXT NOT NULL, revision INTEGER NOT NULL, question TEXT NOT NULL, basis TEXT NOT NULL,
                currency TEXT NOT NULL, quoted TEXT NOT NULL, settled TEXT, noted_at INTEGER NOT NULL,
                PRIMARY KEY (subject, revision, question)
            ) WITHOUT ROWID;
            CREATE INDEX order_settlement_by_time ON order_settlement (noted_at);
            """)

    /// The figure of totals that a question is about; nil where it has none.
    static func figure(_ question: QuoteFallback.Question, of totals: OrderTotals) -> ExactDecimal? {
        switch question {
        case .price: totals.goods
        case .shipping: totals.shipping
        case .tax: totals.tax
        case .availability: nil
        }
    }
}

extension LedgerTransaction {
    /// The ERP has taken this revision: what the order says of its estimates is kept until the ERP's own figures are known,
    /// and what older revisions said is over.
    package func noteEstimates(of order: Order, at now: Timestamp) throws(LedgerError) {
        if order.revision > 1 {
            try execute("DELETE FROM order_settlement WHERE subject = ? AND revision < ?") { bind in
                bind.text(order.number)
                bind.integer(order.revision)
            }
        }
        for fallback in order.fallbacks {
            guard let quoted = OrderSettlement.figure(fallback.question, of: order.totals) else { continue }
            try execute(
                """
                INSERT INTO order_settlement (subject, revision, question, basis, currency, quoted, noted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
            ) { bind in
                bind.text(order.number)
                bind.integer(order.revision)
                bind.text(fallback.question.rawValue)
                bind.text(fallback.basis.rawValue)
                bind.text(order.currency.code)
                bind.text(quoted.description)
                bind.integer(now.microseconds)
            }
        }
    }

    /// The ERP states what it charges: that settles the estimates of the revision that it stands at. True when a figure was
    /// settled that was not, or otherwise.
    @discardableResult
    package func settle(_ order: ERPOrder) throws(LedgerError) -> Bool {
        guard let totals = order.totals else { return false }
        let changed = try execute(
            """
            UPDATE order_settlement SET settled = CASE question WHEN 'price' THEN ?3 WHEN 'shipping' THEN ?4 ELSE ?5 END
            WHERE subject = ?1 AND revision = ?2
                AND settled IS NOT CASE question WHEN 'price' THEN ?3 WHEN 'shipping' THEN ?4 ELSE ?5 END
            """
        ) { bind in
            bind.text(order.storeNumber)
            bind.integer(order.storeRevision)
            bind.text(totals.goods.description)
            bind.text(totals.shipping.description)
            bind.text(totals.tax.description)
        }
        return changed > 0
    }
}

extension LedgerSnapshot {
    /// What the ERP charges for the estimated figures of an order at one of the store's revisions; nil when there is nothing to
    /// settle, or nothing settled yet.
    package func settlements(of number: String, at revision: Int64) throws(LedgerError) -> [QuoteSettlement]? {
        let found = try query(
            """
            SELECT question, basis, currency, quoted, settled FROM order_settlement
            WHERE subject = ? AND revision = ? AND settled IS NOT NULL ORDER BY question
            """, .text(number), .integer(revision)
        ) { row -> QuoteSettlement? in
            guard let question = QuoteFallback.Question(rawValue: row.text(0)),
                let basis = QuoteFallback.Basis(rawValue: row.text(1)), let currency = Currency(row.text(2)),
                let quoted = ExactDecimal(row.text(3)), let settled = ExactDecimal(row.text(4))
            else { return nil }
            return QuoteSettlement(
                question: question, basis: basis, currency: currency, quoted: quoted, settled: settled)
        }
        let sound = found.compactMap { $0 }
        return sound.isEmpty ? nil : sound
    }

    /// The same at the newest revision that has any.
    package func settlements(of number: String) throws(LedgerError) -> [QuoteSettlement]? {
        let revision = try first(
            "SELECT max(revision) FROM order_settlement WHERE subject = ? AND settled IS NOT NULL", .text(number)
        ) { $0.optionalInteger(0) }
        guard let newest = revision ?? nil else { return nil }
        return try settlements(of: number, at: newest)
    }

    /// The status with what the ERP charges for the order's estimates. Of an order that is called off nothing is charged.
    package func settled(_ status: OrderStatus, at revision: Int64) throws(LedgerError) -> OrderStatus {
        guard status.state != .cancelled, status.state != .rejected else { return status }
        var status = status
        status.settlements = try settlements(of: status.number, at: revision)
        return status
    }
}
