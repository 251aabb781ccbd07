public import Ledger
public import Models

// What the store shows now, for who has to judge a change before it is shown.
extension DatabaseStorefront {
    /// What is available of a product in a warehouse, in millionths; nil when nothing is shown.
    public func shownStock(
        of sku: String, in warehouse: String, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Int64? {
        try snapshot.first(
            "SELECT available_micro FROM store_stock WHERE sku = ? AND warehouse = ?"
        ) { bind in
            bind.text(sku)
            bind.text(warehouse)
        } row: { row in
            row.integer(0)
        }
    }

    /// A product's list price; nil when none is shown.
    public func shownListPrice(of sku: String, _ snapshot: LedgerSnapshot) throws(LedgerError) -> ExactDecimal? {
        try snapshot.first("SELECT list_price FROM store_product WHERE sku = ?") { bind in
            bind.text(sku)
        } row: { row in
            ExactDecimal(row.text(0))
        } ?? nil
    }

    /// The prices of one part of a version, by product and least quantity in millionths; nothing when none are shown.
    public func shownPrices(
        _ prices: ContractPrices, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> [PriceStep: ExactDecimal] {
        let rows = try snapshot.query(
            """
            SELECT sku, minimum_micro, unit_price FROM store_price
            WHERE holder_kind = ? AND holder = ? AND price_version = ? AND part = ?
            """, .text(prices.holder.kind), .text(prices.holder.key), .text(prices.priceVersion),
            .text(prices.part ?? "")
        ) { row in
            (PriceStep(sku: row.text(0), minimum: row.integer(1)), ExactDecimal(row.text(2)) ?? .zero)
        }
        return Dictionary(rows) { first, _ in first }
    }
}

/// For what a price holds.
public struct PriceStep: Hashable, Sendable {
    /// The product.
    public var sku: String
    /// The least quantity, in millionths.
    public var minimum: Int64

    /// A price's step.
    public init(_ price: ContractPrice) {
        self.init(sku: price.sku, minimum: price.minimumQuantity?.millionths ?? 0)
    }

    init(sku: String, minimum: Int64) {
        self.sku = sku
        self.minimum = minimum
    }
}
