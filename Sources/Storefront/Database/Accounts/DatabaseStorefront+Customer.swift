public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the account, its places, contacts, price lists and assortment.
    public func show(_ customer: Customer, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try replaceRow(of: customer, at: time, in: transaction)
        // Each revision restates everything, so that nothing of an earlier one is kept.
        try replaceShipTos(of: customer, in: transaction)
        try replaceContacts(of: customer, in: transaction)
        try replacePriceLists(of: customer, in: transaction)
        try replaceAssortment(of: customer, in: transaction)
        try settleDebts(of: customer, at: time, in: transaction)
    }

    private func replaceRow(
        of customer: Customer, at time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_customer (account, name, tax_id, currency, terms_code, terms, net_days,
                purchase_order_allowed, credit_limit, credit_used, credit_left, credit_left_micro, hold_code, hold_reason,
                sees_everything, active, bill_to_company, bill_to_name, bill_to_street, bill_to_city, bill_to_region,
                bill_to_postal_code, bill_to_country, revision, changed_at, known_at, shown_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(customer.account)
            bind.text(customer.name)
            bind.text(customer.taxID)
            bind.text(customer.currency.code)
            bind.text(customer.terms?.code)
            bind.text(customer.terms?.text)
            bind.integer(customer.terms?.netDays)
            bind.integer(customer.isPurchaseOrderAllowed ? 1 : 0)
            bind.text(customer.creditLimit?.description)
            bind.text(customer.creditUsed.description)
            bind.text(customer.creditLeft?.description)
            bind.integer(customer.creditLeft?.millionths)
            bind.text(customer.hold?.code)
            bind.text(customer.hold?.text)
            bind.integer(customer.assortment == nil ? 1 : 0)
            bind.integer(customer.isActive ? 1 : 0)
            for part in customer.billTo?.inOrder ?? Address.nowhere { bind.text(part) }
            bind.integer(customer.revision)
            bind.text(time.description)
            bind.integer(time.microseconds)
            bind.integer(Timestamp.now().microseconds)
        }
    }

    private func replaceShipTos(of customer: Customer, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_customer_ship_to WHERE account = ?") { $0.text(customer.account) }
        for (position, place) in customer.shipTos.enumerated() {
            try transaction.execute(
                """
                INSERT INTO store_customer_ship_to (account, id, position, company, name, street, city, region,
                    postal_code, country)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { bind in
                bind.text(customer.account)
                bind.text(place.id)
                bind.integer(Int64(position))
                for part in place.address.inOrder { bind.text(part) }
            }
        }
    }

    private func replaceContacts(of customer: Customer, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_customer_contact WHERE account = ?") { $0.text(customer.account) }
        for (position, contact) in customer.contacts.enumerated() {
            try transaction.execute(
                "INSERT INTO store_customer_contact (account, position, name, email, phone) VALUES (?, ?, ?, ?, ?)"
            ) { bind in
                bind.text(customer.account)
                bind.integer(Int64(position))
                bind.text(contact.name)
                bind.text(contact.email)
                bind.text(contact.phone)
            }
        }
    }

    private func replacePriceLists(of customer: Customer, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_customer_price_list WHERE account = ?") { $0.text(customer.account) }
        for (position, list) in customer.priceLists.enumerated() {
            try transaction.execute(
                "INSERT INTO store_customer_price_list (account, position, price_list) VALUES (?, ?, ?)"
            ) { bind in
                bind.text(customer.account)
                bind.integer(Int64(position))
                bind.text(list)
            }
        }
    }

    private func replaceAssortment(of customer: Customer, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_customer_group WHERE account = ?") { $0.text(customer.account) }
        try transaction.execute("DELETE FROM store_customer_sku WHERE account = ?") { $0.text(customer.account) }
        for group in customer.assortment?.groups ?? [] {
            try transaction.execute(
                "INSERT OR IGNORE INTO store_customer_group (account, product_group) VALUES (?, ?)"
            ) { bind in
                bind.text(customer.account)
                bind.text(group)
            }
        }
        // A product that is both named and left out is left out.
        for (skus, isExcluded) in [(customer.assortment?.skus, false), (customer.assortment?.excludedSKUs, true)] {
            for sku in skus ?? [] {
                try transaction.execute(
                    "INSERT OR REPLACE INTO store_customer_sku (account, sku, excluded) VALUES (?, ?, ?)"
                ) { bind in
                    bind.text(customer.account)
                    bind.text(sku)
                    bind.integer(isExcluded ? 1 : 0)
                }
            }
        }
    }
}
