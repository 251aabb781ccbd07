public import Ledger
public import Models

// What the store is told of an object that the ERP does not have any more: as little as keeps it from being sold or used.
extension DatabaseStorefront {
    /// The product as one that is not sold any more; nil when none is shown.
    public func withdrawnProduct(
        _ sku: String, revision: Int64, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Product? {
        let shown = try snapshot.first("SELECT name, unit FROM store_product WHERE sku = ?") {
            $0.text(sku)
        } row: {
            ($0.text(0), UnitCode($0.text(1)))
        }
        guard let (name, unit) = shown, let unit else { return nil }
        return Product(sku: sku, revision: revision, name: name, unit: unit, isActive: false)
    }

    /// The stock of a product in a warehouse that has none; nil when nothing is shown.
    public func withdrawnStock(
        of sku: String, in warehouse: String, revision: Int64, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Stock? {
        let unit = try snapshot.first("SELECT unit FROM store_stock WHERE sku = ? AND warehouse = ?") { bind in
            bind.text(sku)
            bind.text(warehouse)
        } row: {
            UnitCode($0.text(0))
        }
        guard let unit = unit ?? nil else { return nil }
        return Stock(sku: sku, warehouse: warehouse, revision: revision, unit: unit, onHand: .zero, reserved: .zero)
    }

    /// The account as one that may not buy; nil when none is shown.
    public func withdrawnCustomer(
        _ account: String, revision: Int64, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Customer? {
        let shown = try snapshot.first("SELECT name, currency FROM store_customer WHERE account = ?") {
            $0.text(account)
        } row: {
            ($0.text(0), Currency($0.text(1)))
        }
        guard let (name, currency) = shown, let currency else { return nil }
        return Customer(
            account: account, revision: revision, name: name, currency: currency, isPurchaseOrderAllowed: false,
            creditUsed: .zero, isActive: false)
    }

    /// One part of a version of prices without any; nil when it is not shown.
    public func withdrawnPrices(
        of holder: PriceHolder, version: String, part: String?, revision: Int64, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> ContractPrices? {
        let shown = try snapshot.first(
            """
            SELECT currency, valid_from, valid_until FROM store_price_version
            WHERE holder_kind = ? AND holder = ? AND price_version = ? AND part = ?
            """
        ) { bind in
            bind.text(holder.kind)
            bind.text(holder.key)
            bind.text(version)
            bind.text(part ?? "")
        } row: { row in
            (Currency(row.text(0)), CalendarDate(row.text(1)), CalendarDate(row.text(2)))
        }
        guard case (let currency?, let first?, let last)? = shown else { return nil }
        return ContractPrices(
            holder: holder, priceVersion: version, part: part, revision: revision, currency: currency, validFrom: first,
            validUntil: last, prices: [])
    }
}
