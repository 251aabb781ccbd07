public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the order under its ERP number, its lines and a history row.
    public func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws {
        // Each revision restates everything, so that nothing of an earlier one is kept.
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_order (number, origin, erp_number, account, purchase_order_number, placed_at,
                requested_date, shipping_method, preferred_warehouse, currency, goods, discount, shipping, tax, total,
                ship_to_company, ship_to_name, ship_to_street, ship_to_city, ship_to_region, ship_to_postal_code,
                ship_to_country, bill_to_company, bill_to_name, bill_to_street, bill_to_city, bill_to_region,
                bill_to_postal_code, bill_to_country, contact_name, contact_email, contact_phone, payment_method,
                payment_reference, state, reason_code, reason, revision, changed_at)
            VALUES (?1, 'offline', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37)
            """
        ) { bind in
            bind.text(order.number)
            bind.text(order.account)
            bind.text(order.purchaseOrderNumber)
            bind.text(order.placedAt.sortable)
            bind.text(order.requestedDate?.description)
            bind.text(order.shippingMethod)
            bind.text(order.preferredWarehouse)
            bind.text(order.currency.code)
            for amount in order.totals.inOrder { bind.text(amount.description) }
            for part in order.shipTo.inOrder { bind.text(part) }
            for part in order.billTo?.inOrder ?? Address.nowhere { bind.text(part) }
            bind.text(order.contact?.name)
            bind.text(order.contact?.email)
            bind.text(order.contact?.phone)
            bind.text(order.payment?.method)
            bind.text(order.payment?.reference)
            bind.text(order.state.rawValue)
            bind.text(order.reason?.code)
            bind.text(order.reason?.text)
            bind.integer(order.revision)
            bind.text(time.description)
        }
        try removeLines(of: order.number, .offline, in: transaction)
        try insert(ShownLine.lines(of: order), of: order.number, .offline, in: transaction)
        try addHistory(order.number, .offline, order.revision, order.state, order.reason, time, in: transaction)
    }
}

extension OrderTotals {
    /// As the columns come: goods, discount, shipping, tax, total.
    var inOrder: [ExactDecimal] { [goods, discount, shipping, tax, total] }
}
