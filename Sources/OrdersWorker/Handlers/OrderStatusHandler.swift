internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the ERP's answer to an order in the store: `order.status.v1`.
struct OrderStatusHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderStatus.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let status = try message.content(as: OrderStatus.self)
        try storefront.show(status, at: message.envelope.time, in: transaction)
        guard let number = status.erpNumber else { return }
        let family = Catalogue.orderPlaced.family
        try transaction.addAlias(
            kind: "erp-number", value: number, family: family, subject: status.number, folding: true)
    }
}
