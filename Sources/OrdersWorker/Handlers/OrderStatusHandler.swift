internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the ERP's answer to an order in the store: `order.status.v1`.
struct OrderStatusHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderStatus.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try storefront.show(message.content(as: OrderStatus.self), at: message.envelope.time, in: transaction)
    }
}
