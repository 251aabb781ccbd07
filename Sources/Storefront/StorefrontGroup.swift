public import Ledger
public import Models

/// Several adapters that are shown the same, in one transaction: when one of them cannot be, none is.
public struct StorefrontGroup: Storefront {
    private let members: [any Storefront]

    /// Shows to each of these, in their order.
    public init(_ members: [any Storefront]) {
        self.members = members
    }

    /// Has each note it.
    public func note(
        _ order: Order, isCancelled: Bool, at time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        for member in members { try member.note(order, isCancelled: isCancelled, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(status, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(order, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ product: Product, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(product, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(stock, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ shipment: Shipment, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(shipment, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ customer: Customer, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(customer, at: time, in: transaction) }
    }

    /// Shows to each.
    public func show(_ prices: ContractPrices, at time: Timestamp, in transaction: LedgerTransaction) throws {
        for member in members { try member.show(prices, at: time, in: transaction) }
    }
}
