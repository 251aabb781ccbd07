internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Notes an order as the store has taken it, so that what it wants is not promised again before the ERP has answered:
/// `order.placed.v1`, `order.amended.v1` and `order.cancelled.v1`.
struct TakenOrderHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderPlaced.name, Catalogue.orderAmended.name, Catalogue.orderCancelled.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let order = try message.content(as: Order.self)
        try storefront.note(
            order, isCancelled: message.type == Catalogue.orderCancelled, at: message.envelope.time, in: transaction)
        // Also while the ERP is away: that is when people ask.
        try transaction.addAliases(of: order, folding: true)
    }
}
