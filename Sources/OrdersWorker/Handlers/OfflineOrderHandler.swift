internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows an order that was keyed in the ERP in the store's history: `order.offline.v1`.
struct OfflineOrderHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderOffline.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try storefront.show(message.content(as: OfflineOrder.self), at: message.envelope.time, in: transaction)
    }
}
