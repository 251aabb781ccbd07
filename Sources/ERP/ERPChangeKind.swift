/// What the ERP can be asked for changes of. Each kind has a sequence and a cursor of its own.
public enum ERPChangeKind: String, Hashable, Sendable, CaseIterable {
    /// States of orders from the store, and orders keyed in the ERP.
    case orders
    /// Products.
    case products
    /// What each warehouse has of each product: the one kind that can be asked for by warehouse.
    case stock
    /// Price lists and prices agreed with accounts.
    case prices
    /// Accounts.
    case customers
    /// Goods that leave a warehouse.
    case shipments
}
