public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the product, its texts, attributes and groups.
    public func show(_ product: Product, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_product (sku, name, description, unit, minimum_quantity, quantity_step, weight,
                weight_unit, gtin, list_price, currency, tax_class, lead_time_days, next_receipt_date, replacement_sku,
                active, revision, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(product.sku)
            bind.text(product.name)
            bind.text(product.description)
            bind.text(product.unit.code)
            bind.text(product.minimumQuantity?.description)
            bind.text(product.quantityStep?.description)
            bind.text(product.weight?.quantity.description)
            bind.text(product.weight?.unit.code)
            bind.text(product.gtin?.digits)
            bind.text(product.listPrice?.amount.description)
            bind.text(product.listPrice?.currency.code)
            bind.text(product.taxClass)
            bind.integer(product.leadTimeDays)
            bind.text(product.nextReceiptDate?.description)
            bind.text(product.replacementSKU)
            bind.integer(product.isActive ? 1 : 0)
            bind.integer(product.revision)
            bind.text(time.description)
        }
        // Each revision restates everything, so that nothing of an earlier one is kept.
        try replaceTexts(of: product, in: transaction)
        try replaceAttributes(of: product, in: transaction)
        try replaceGroups(of: product, in: transaction)
    }

    private func replaceTexts(of product: Product, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_product_text WHERE sku = ?") { $0.text(product.sku) }
        for text in product.texts {
            try transaction.execute(
                "INSERT INTO store_product_text (sku, language, name, description) VALUES (?, ?, ?, ?)"
            ) { bind in
                bind.text(product.sku)
                bind.text(text.language)
                bind.text(text.name)
                bind.text(text.description)
            }
        }
    }

    private func replaceAttributes(of product: Product, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_product_attribute WHERE sku = ?") { $0.text(product.sku) }
        for (position, attribute) in product.attributes.enumerated() {
            try transaction.execute(
                "INSERT INTO store_product_attribute (sku, name, position, value, unit) VALUES (?, ?, ?, ?, ?)"
            ) { bind in
                bind.text(product.sku)
                bind.text(attribute.name)
                bind.integer(Int64(position))
                bind.text(attribute.value)
                bind.text(attribute.unit?.code)
            }
        }
    }

    private func replaceGroups(of product: Product, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_product_group WHERE sku = ?") { $0.text(product.sku) }
        for group in product.groups {
            try transaction.execute(
                "INSERT OR IGNORE INTO store_product_group (sku, product_group) VALUES (?, ?)"
            ) { bind in
                bind.text(product.sku)
                bind.text(group)
            }
        }
    }
}
