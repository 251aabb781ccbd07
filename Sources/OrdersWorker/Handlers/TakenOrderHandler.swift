internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Notes an order as the store has taken it, so that what it wants is not promised again before the ERP has answered, and
/// so that of several revisions that wait for the ERP only the newest is sent: `order.placed.v1`, `order.amended.v1` and
/// `order.cancelled.v1`.
struct TakenOrderHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderPlaced.name, Catalogue.orderAmended.name, Catalogue.orderCancelled.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let order = try message.content(as: Order.self)
        let isCancelled = message.type == Catalogue.orderCancelled
        try storefront.note(order, isCancelled: isCancelled, at: message.envelope.time, in: transaction)
        try transaction.noteLastWord(
            message, isCancelled: isCancelled, urgency: try transaction.urgency(of: message, order),
            at: Timestamp.now().microseconds)
        // Also while the ERP is away: that is when people ask.
        try transaction.addAliases(of: order, folding: true)
    }
}
