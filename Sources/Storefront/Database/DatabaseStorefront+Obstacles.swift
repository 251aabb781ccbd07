public import Ledger
public import Models

extension DatabaseStorefront {
    /// Why the store could not be shown this now; nil when nothing stands in the way that the tables know of.
    public func obstacle(to payload: any Payload, _ snapshot: LedgerSnapshot) throws -> StorefrontError? {
        do {
            switch payload {
            case let shipment as Shipment: try requireOrder(shipment.order, in: snapshot)
            case let prices as ContractPrices: try requireCurrency(of: prices, in: snapshot)
            default: break
            }
            return nil
        } catch let error as StorefrontError {
            return error
        }
    }

    /// Products of an order that the ERP has told nothing of; none where it has told of no product at all, since it may
    /// have all of them then.
    public func unknownProducts(in order: Order, _ snapshot: LedgerSnapshot) throws -> [String] {
        guard try snapshot.first("SELECT 1 FROM store_product LIMIT 1", row: { $0.integer(0) }) != nil else {
            return []
        }
        let skus = Set(order.lines.map(\.sku)).sorted()
        return try skus.filter { sku in
            try snapshot.first("SELECT 1 FROM store_product WHERE sku = ?", .text(sku)) { $0.integer(0) } == nil
        }
    }

    /// Whether the tables are in this ledger.
    public static func isShown(in snapshot: LedgerSnapshot) throws -> Bool {
        try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'store_order'", row: { $0.integer(0) }) != nil
    }
}
