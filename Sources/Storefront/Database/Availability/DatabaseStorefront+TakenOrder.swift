public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes what the order says of itself, and lowers what may be promised until the ERP has answered it. What it owed
    /// before a change or a cancellation it owes until then, since the ERP may say that it is too late.
    public func note(
        _ order: Order, isCancelled: Bool, at time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        let isOwed = order.payment == .purchaseOrder && !isCancelled
        // Before the order's row says that this revision is taken.
        try replaceTakenLines(of: order, isCancelled: isCancelled, in: transaction)
        try transaction.execute(
            """
            INSERT INTO store_order (number, origin, account, purchase_order_number, placed_at, requested_date,
                shipping_method, preferred_warehouse, currency, goods, discount, shipping, tax, total, ship_to_company,
                ship_to_name, ship_to_street, ship_to_city, ship_to_region, ship_to_postal_code, ship_to_country,
                bill_to_company, bill_to_name, bill_to_street, bill_to_city, bill_to_region, bill_to_postal_code,
                bill_to_country, contact_name, contact_email, contact_phone, payment_method, payment_reference,
                taken_revision, owed_micro, taken_at, state, revision, changed_at)
            VALUES (?1, 'online', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, 'received', 0, ?4)
            ON CONFLICT (number, origin) DO UPDATE SET account = ?2, purchase_order_number = ?3,
                placed_at = min(coalesce(placed_at, ?4), ?4), requested_date = ?5, shipping_method = ?6,
                preferred_warehouse = ?7, currency = ?8, goods = ?9, discount = ?10, shipping = ?11, tax = ?12,
                total = ?13, ship_to_company = ?14, ship_to_name = ?15, ship_to_street = ?16, ship_to_city = ?17,
                ship_to_region = ?18, ship_to_postal_code = ?19, ship_to_country = ?20, bill_to_company = ?21,
                bill_to_name = ?22, bill_to_street = ?23, bill_to_city = ?24, bill_to_region = ?25,
                bill_to_postal_code = ?26, bill_to_country = ?27, contact_name = ?28, contact_email = ?29,
                contact_phone = ?30, payment_method = ?31, payment_reference = ?32, taken_revision = ?33,
                owed_micro = nullif(max(coalesce(owed_micro, 0), coalesce(?34, 0)), 0),
                taken_at = min(coalesce(taken_at, ?35), ?35)
            """
        ) { bind in
            bind.text(order.number)
            bind.text(order.customer.account)
            bind.text(order.purchaseOrderNumber)
            bind.text(time.sortable)
            bind.text(order.requestedDate?.description)
            bind.text(order.shippingMethod)
            bind.text(order.preferredWarehouse)
            bind.text(order.currency.code)
            for amount in order.totals.inOrder { bind.text(amount.description) }
            for part in order.shipTo.inOrder { bind.text(part) }
            for part in order.billTo.inOrder { bind.text(part) }
            bind.text(order.contact.name)
            bind.text(order.contact.email)
            bind.text(order.contact.phone)
            bind.text(order.payment.method)
            bind.text(order.payment.reference)
            bind.integer(order.revision)
            bind.integer(isOwed ? order.totals.total.millionths : nil)
            bind.integer(min(time, .now()).microseconds)
        }
        try recount(order.number, in: transaction)
    }

    /// What the ERP may be about to answer counts as well: until it has answered the last revision, a line wants the most of
    /// what it did in any revision since.
    private func replaceTakenLines(
        of order: Order, isCancelled: Bool, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            DELETE FROM store_taken_line WHERE number = ?1 AND NOT EXISTS (
                SELECT 1 FROM store_order
                WHERE number = ?1 AND origin = 'online' AND taken_revision > coalesce(answered_revision, 0))
            """
        ) { $0.text(order.number) }
        guard !isCancelled else { return }
        for line in order.lines {
            try transaction.execute(
                """
                INSERT INTO store_taken_line (number, line_id, sku, warehouse, quantity_micro) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET quantity_micro = max(quantity_micro, excluded.quantity_micro)
                """
            ) { bind in
                bind.text(order.number)
                bind.text(line.id)
                bind.text(line.sku)
                bind.text(order.preferredWarehouse ?? Self.anyWarehouse)
                bind.integer(line.quantity.millionths)
            }
        }
    }

    /// Stands for a warehouse that nobody has named: such a demand lowers the promise of each.
    static let anyWarehouse = ""
}
