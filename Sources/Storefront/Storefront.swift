public import Ledger
public import Models

/// The port to the store: takes each object that goes there, in full and at its newest revision.
///
/// Called inside the ledger's transaction, once per revision and never with an older one than before: an adapter writes
/// its own tables there, or an outbox of its own for what must leave the process.
public protocol Storefront: Sendable {
    /// An order as the store took it, before or after the ERP has answered it; `isCancelled` when it was taken back.
    func note(_ order: Order, isCancelled: Bool, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// The ERP's answer to a store's order.
    func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// An order that was keyed in the ERP.
    func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// A product of the catalogue.
    func show(_ product: Product, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// What a warehouse has of a product; the product itself may come later.
    func show(_ stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// Goods of an order that are packed or on their way.
    /// - Throws: ``StorefrontError/orderUnknown(_:)`` when the store has not been shown their order.
    func show(_ shipment: Shipment, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// An account.
    func show(_ customer: Customer, at time: Timestamp, in transaction: LedgerTransaction) throws
    /// Prices of an account or of a price list; either may come later.
    /// - Throws: ``StorefrontError/currencyDiffers(account:currency:)`` when they are in another one than the account pays in.
    func show(_ prices: ContractPrices, at time: Timestamp, in transaction: LedgerTransaction) throws
}
