public import Ledger
public import Models

/// The storefront adapter `database`: tables that a store reads with plain SQL, online and offline orders alike.
///
/// They live in the ledger's database, so that a row and the acknowledgement of its message stand or fall together. The
/// tables are described in ``DatabaseStorefront/schema``.
public struct DatabaseStorefront: Storefront {
    /// Creates the adapter.
    public init() {}

    /// Writes the order, its lines and a history row.
    public func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO store_order (number, origin, erp_number, state, reason_code, reason, revision, answered_revision,
                changed_at)
            VALUES (?1, 'online', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (number, origin) DO UPDATE SET erp_number = coalesce(?2, erp_number), state = ?3, reason_code = ?4,
                reason = ?5, revision = ?6, answered_revision = ?7, changed_at = ?8
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
        }
        try replaceLines(status.lines.map { ShownLine($0) }, of: status.number, .online, in: transaction)
        try addHistory(
            status.number, .online, status.revision, status.state, status.reason, time, in: transaction)
    }

    /// Writes the order under its ERP number, its lines and a history row.
    public func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO store_order (number, origin, erp_number, account, purchase_order_number, placed_at, currency,
                goods, discount, shipping, tax, total, ship_to_company, ship_to_name, ship_to_street, ship_to_city,
                ship_to_region, ship_to_postal_code, ship_to_country, state, revision, changed_at)
            VALUES (?1, 'offline', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
            ON CONFLICT (number, origin) DO UPDATE SET account = ?2, purchase_order_number = ?3, placed_at = ?4,
                currency = ?5, goods = ?6, discount = ?7, shipping = ?8, tax = ?9, total = ?10, ship_to_company = ?11,
                ship_to_name = ?12, ship_to_street = ?13, ship_to_city = ?14, ship_to_region = ?15,
                ship_to_postal_code = ?16, ship_to_country = ?17, state = ?18, revision = ?19, changed_at = ?20
            """
        ) { bind in
            bind.text(order.number)
            bind.text(order.account)
            bind.text(order.purchaseOrderNumber)
            bind.text(order.placedAt.description)
            bind.text(order.currency.code)
            for amount in order.totals.inOrder { bind.text(amount.description) }
            for part in order.shipTo.inOrder { bind.text(part) }
            bind.text(order.state.rawValue)
            bind.integer(order.revision)
            bind.text(time.description)
        }
        try replaceLines(ShownLine.lines(of: order), of: order.number, .offline, in: transaction)
        try addHistory(order.number, .offline, order.revision, order.state, nil, time, in: transaction)
    }

    /// Where an order comes from; part of every key, because store and ERP number their orders on their own.
    private enum Origin: String { case online, offline }

    private func replaceLines(
        _ lines: [ShownLine], of number: String, _ origin: Origin, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute("DELETE FROM store_order_line WHERE number = ? AND origin = ?") { bind in
            bind.text(number)
            bind.text(origin.rawValue)
        }
        for (position, line) in lines.enumerated() {
            try transaction.execute(
                """
                INSERT INTO store_order_line (number, origin, line_id, position, sku, unit, unit_price, amount, status,
                    ordered, allocated, shipped, backordered, warehouse, promised_date, substitute_sku, reason_code,
                    reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            }
        }
    }

    private func addHistory(
        _ number: String, _ origin: Origin, _ revision: Int64, _ state: OrderStatus.State,
        _ reason: OrderStatus.Reason?, _ time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO store_order_history (number, origin, revision, at, state, reason) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        ) { bind in
            bind.text(number)
            bind.text(origin.rawValue)
            bind.integer(revision)
            bind.text(time.description)
            bind.text(state.rawValue)
            bind.text(reason?.text)
        }
    }
}

extension OrderTotals {
    /// As the columns come: goods, discount, shipping, tax, total.
    fileprivate var inOrder: [ExactDecimal] { [goods, discount, shipping, tax, total] }
}

extension Address {
    /// As the columns come; street lines are lines of one text.
    fileprivate var inOrder: [String?] {
        [company, name, street.joined(separator: "\n"), city, region, postalCode, country.code]
    }
}
