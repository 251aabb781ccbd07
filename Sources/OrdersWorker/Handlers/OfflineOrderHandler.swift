internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows an order that was keyed in the ERP in the store's history: `order.offline.v1`.
struct OfflineOrderHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderOffline.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        guard let order = message.payload as? OfflineOrder else {
            throw Failure.unexpectedPayload(message.type.name)
        }
        try storefront.show(order, at: message.envelope.time, in: transaction)
    }
}
