public import Ledger
public import Models

/// The port to the store: takes each object that goes there, in full and at its newest revision.
///
/// Called inside the ledger's transaction, once per revision and never with an older one than before: an adapter writes
/// its own tables there, or an outbox of its own for what must leave the process.
public protocol Storefront: Sendable {
    /// The ERP's answer to a store's order.
    func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// An order that was keyed in the ERP.
    func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// A product of the catalogue.
    func show(_ product: Product, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// What a warehouse has of a product; the product itself may come later.
    func show(_ stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws
}
