public import Ledger
public import Models

/// How the store is told that an object is gone.
public enum Withdrawal<Object: Sendable>: Sendable {
    /// It shows nothing of it, so far.
    case unknown
    /// What it was told last is as good as gone, and shown.
    case needless
    /// It is told this: as little as keeps the object from being sold or used.
    case told(Object)
}

// Each is told at the revision after `told`, the last one that the store was told, and after what it shows; never needless
// when it `isAgain`, for a store that is told by posts may have lost it.
extension DatabaseStorefront {
    /// The product as one that is not sold any more.
    public func withdrawal(
        ofProduct sku: String, after told: Int64, isAgain: Bool, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Withdrawal<Product> {
        let shown = try snapshot.first("SELECT name, unit, active, revision FROM store_product WHERE sku = ?") {
            $0.text(sku)
        } row: {
            (name: $0.text(0), unit: UnitCode($0.text(1)), isActive: $0.integer(2) != 0, revision: $0.integer(3))
        }
        guard let shown, let unit = shown.unit else { return .unknown }
        guard shown.isActive || shown.revision < told || isAgain else { return .needless }
        return .told(
            Product(sku: sku, revision: next(told, shown.revision), name: shown.name, unit: unit, isActive: false))
    }

    /// A warehouse that has none of a product.
    public func withdrawal(
        ofStock sku: String, in warehouse: String, after told: Int64, isAgain: Bool, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Withdrawal<Stock> {
        let shown = try snapshot.first(
            """
            SELECT unit, available_micro > 0 OR next_receipt_date IS NOT NULL, revision FROM store_stock
            WHERE sku = ? AND warehouse = ?
            """
        ) { bind in
            bind.text(sku)
            bind.text(warehouse)
        } row: { row in
            (unit: UnitCode(row.text(0)), hasAny: row.integer(1) != 0, revision: row.integer(2))
        }
        guard let shown, let unit = shown.unit else { return .unknown }
        guard shown.hasAny || shown.revision < told || isAgain else { return .needless }
        return .told(
            Stock(
                sku: sku, warehouse: warehouse, revision: next(told, shown.revision), unit: unit, onHand: .zero,
                reserved: .zero))
    }

    /// The account as one that may not buy, and sees nothing.
    public func withdrawal(
        ofCustomer account: String, after told: Int64, isAgain: Bool, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Withdrawal<Customer> {
        let shown = try snapshot.first("SELECT name, currency, active, revision FROM store_customer WHERE account = ?")
        {
            $0.text(account)
        } row: {
            (name: $0.text(0), currency: Currency($0.text(1)), isActive: $0.integer(2) != 0, revision: $0.integer(3))
        }
        guard let shown, let currency = shown.currency else { return .unknown }
        guard shown.isActive || shown.revision < told || isAgain else { return .needless }
        return .told(
            Customer(
                account: account, revision: next(told, shown.revision), name: shown.name, currency: currency,
                isPurchaseOrderAllowed: false, creditUsed: .zero, assortment: Assortment(), isActive: false))
    }

    /// One part of a version of prices without any; needless once it is over. `today` in ISO 8601.
    public func withdrawal(
        ofPrices holder: PriceHolder, version: String, part: String?, after told: Int64, isAgain: Bool, today: String,
        _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Withdrawal<ContractPrices> {
        let shown = try snapshot.first(
            """
            SELECT v.currency, v.valid_from, v.valid_until, EXISTS (SELECT 1 FROM store_price AS p
                WHERE p.holder_kind = v.holder_kind AND p.holder = v.holder AND p.price_version = v.price_version
                    AND p.part = v.part), v.revision
            FROM store_price_version AS v
            WHERE v.holder_kind = ? AND v.holder = ? AND v.price_version = ? AND v.part = ?
            """
        ) { bind in
            bind.text(holder.kind)
            bind.text(holder.key)
            bind.text(version)
            bind.text(part ?? "")
        } row: { row in
            (
                currency: Currency(row.text(0)), from: CalendarDate(row.text(1)), until: row.text(2),
                has: row.integer(3) != 0, revision: row.integer(4)
            )
        }
        guard let shown, let currency = shown.currency, let from = shown.from else { return .unknown }
        guard isAgain || shown.revision < told || shown.has && shown.until >= today else { return .needless }
        return .told(
            ContractPrices(
                holder: holder, priceVersion: version, part: part, revision: next(told, shown.revision),
                currency: currency,
                validFrom: from, validUntil: shown.until == Self.forEver ? nil : CalendarDate(shown.until), prices: []))
    }

    /// The revision after both; there is none after the greatest.
    private func next(_ told: Int64, _ shown: Int64) -> Int64 {
        let last = max(told, shown)
        return last == .max ? last : last + 1
    }
}
