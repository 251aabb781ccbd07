internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the ERP's answer to an order in the store: `order.status.v1`.
struct OrderStatusHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderStatus.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        guard let status = message.payload as? OrderStatus else {
            throw Failure.unexpectedPayload(message.type.name)
        }
        try storefront.show(status, at: message.envelope.time, in: transaction)
    }
}
