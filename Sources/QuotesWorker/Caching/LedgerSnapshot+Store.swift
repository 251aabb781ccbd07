internal import Ledger
internal import Models

// What the feed has brought, as a store reads it in the tables of the storefront `database`.
extension LedgerSnapshot {
    func storeProduct(_ sku: String) throws -> ProductFact? {
        try first("SELECT unit, weight, weight_unit, tax_class FROM store_product WHERE sku = ?", .text(sku)) { row in
            ProductFact(
                unit: UnitCode(row.text(0)), kilograms: Self.kilograms(row.text(1), row.text(2)),
                taxClass: row.optionalText(3))
        }
    }

    private static func kilograms(_ weight: String, _ unit: String) -> ExactDecimal? {
        guard let weight = ExactDecimal(weight), let factor = oneInKilograms(unit) else { return nil }
        return weight.multiplied(by: factor, roundedTo: 6)
    }

    /// A unit of weight by its UN/ECE code: kilogram, gram, milligram, tonne, pound or ounce.
    private static func oneInKilograms(_ unit: String) -> ExactDecimal? {
        switch unit {
        case "KGM": ExactDecimal(1)
        case "GRM": ExactDecimal(units: 1, scale: 3)
        case "MGM": ExactDecimal(units: 1, scale: 6)
        case "TNE": ExactDecimal(1_000)
        case "LBR": ExactDecimal(units: 453_592_370, scale: 9)
        case "ONZ": ExactDecimal(units: 28_349_523, scale: 9)
        default: nil
        }
    }

    func storeAccount(_ account: String) throws -> AccountFact? {
        try first("SELECT active, hold_code, hold_reason FROM store_customer WHERE account = ?", .text(account)) {
            row in
            AccountFact(
                isActive: row.integer(0) != 0, holdCode: row.optionalText(1), holdText: row.optionalText(2))
        }
    }

    // MARK: - Stock

    /// What may be promised of a product in that unit, less what the store has sold since; nil when no warehouse is known
    /// to keep it so.
    func storeStock(_ sku: String, _ unit: UnitCode, on day: String) throws -> [StockFact]? {
        let facts = try query(
            """
            SELECT warehouse, promise_micro, next_receipt_date, known_at FROM store_availability
            WHERE sku = ? AND unit = ? ORDER BY warehouse
            """, .text(sku), .text(unit.code)
        ) { row -> StockFact? in
            guard let quantity = ExactDecimal(units: row.integer(1), scale: 6),
                let asOf = Timestamp(microseconds: row.integer(3))
            else { return nil }
            // A receipt of the past has come, or it has not: nobody knows when.
            let receipt = row.text(2)
            return StockFact(
                warehouse: row.text(0), quantity: quantity.shortest,
                availableFrom: receipt >= day ? CalendarDate(receipt) : nil, asOf: asOf, isShown: true)
        }.compactMap(\.self)
        return facts.isEmpty ? nil : facts
    }

    // MARK: - Prices

    /// What an account pays on a day: its own price before those of its lists, and the product's list price where nothing was
    /// ever agreed. An agreement that is over leaves no price: what comes behind it the ERP has to say.
    func storePrice(_ key: PriceKey, on day: String) throws -> PriceFact? {
        guard let quantity = key.quantity.rounded(to: 6)?.units else { return nil }
        let found = try query(
            """
            SELECT unit_price, price_version, source FROM store_account_price
            WHERE account = ? AND sku = ? AND unit = ? AND currency = ? AND minimum_micro <= ?
                AND valid_from <= ? AND valid_until >= ?
            ORDER BY rank, valid_from DESC, price_version DESC, minimum_micro DESC LIMIT 1
            """, .text(key.account.text), .text(key.sku.text), .text(key.unit.code), .text(key.currency.code),
            .integer(quantity), .text(day), .text(day)
        ) { (price: $0.text(0), version: $0.optionalText(1), source: $0.text(2)) }.first
        guard let found, let unitPrice = ExactDecimal(found.price),
            let amount = key.quantity.multiplied(by: unitPrice, roundedTo: key.currency.minorUnits)
        else { return nil }
        let isListed = found.source == "list-price"
        if isListed, try wasAgreed(key, quantity, until: day) { return nil }
        guard let asOf = try isListed ? listed(key.sku.text) : stated(found.version ?? "", key.account.text) else {
            return nil
        }
        return PriceFact(
            unitPrice: unitPrice, amount: amount, version: found.version, asOf: asOf, isShown: true)
    }

    /// Whether a price was agreed for such a quantity that does not hold any more.
    private func wasAgreed(_ key: PriceKey, _ quantity: Int64, until day: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM store_account_price
            WHERE account = ? AND sku = ? AND unit = ? AND minimum_micro <= ? AND rank < 1000 AND valid_until < ? LIMIT 1
            """, .text(key.account.text), .text(key.sku.text), .text(key.unit.code), .integer(quantity), .text(day)
        ) { $0.integer(0) } != nil
    }

    /// When the ERP last stated a product.
    private func listed(_ sku: String) throws -> Timestamp? {
        try first("SELECT changed_at FROM store_product WHERE sku = ?", .text(sku)) { $0.text(0) }
            .flatMap { Timestamp(rfc3339: $0) }
    }

    /// When the ERP stated a version of an account's prices, or of one of its lists: of several parts, the one that was
    /// stated first.
    private func stated(_ version: String, _ account: String) throws -> Timestamp? {
        try query(
            """
            SELECT changed_at FROM store_price_version
            WHERE holder_kind = 'account' AND holder = ?1 AND price_version = ?2
            UNION ALL
            SELECT v.changed_at FROM store_customer_price_list AS l CROSS JOIN store_price_version AS v
                ON v.holder_kind = 'price-list' AND v.holder = l.price_list AND v.price_version = ?2
            WHERE l.account = ?1
            """, .text(account), .text(version)
        ) { $0.text(0) }.compactMap { Timestamp(rfc3339: $0) }.min()
    }

    /// Whether a version that the ERP has named holds on a day, as it was when it named it; also true when the store was never
    /// told of it.
    func holds(_ version: String, of account: String, on day: String, saidAt: Timestamp) throws -> Bool {
        let dates = try query(
            """
            SELECT valid_from, valid_until, changed_at FROM store_price_version
            WHERE holder_kind = 'account' AND holder = ?1 AND price_version = ?2
            UNION ALL
            SELECT v.valid_from, v.valid_until, v.changed_at
            FROM store_customer_price_list AS l CROSS JOIN store_price_version AS v
                ON v.holder_kind = 'price-list' AND v.holder = l.price_list AND v.price_version = ?2
            WHERE l.account = ?1
            """, .text(account), .text(version)
        ) { (from: $0.text(0), until: $0.text(1), changedAt: Timestamp(rfc3339: $0.text(2))) }
        guard dates.allSatisfy({ $0.changedAt.map { $0 <= saidAt } ?? true }) else { return false }
        return dates.isEmpty || dates.contains { $0.from <= day && day <= $0.until }
    }
}
