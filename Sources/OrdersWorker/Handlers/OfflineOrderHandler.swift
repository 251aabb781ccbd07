internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows an order that was keyed in the ERP in the store's history: `order.offline.v1`.
struct OfflineOrderHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.orderOffline.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let order = try message.content(as: OfflineOrder.self)
        try storefront.show(order, at: message.envelope.time, in: transaction)
        try transaction.addAliases(of: order)
    }
}

extension LedgerTransaction {
    /// The names that lead to the order; its number is the ERP's own.
    fileprivate func addAliases(of order: OfflineOrder) throws {
        let family = Catalogue.orderOffline.family
        try addAlias(kind: "account", value: order.account, family: family, subject: order.number)
        if let number = order.purchaseOrderNumber {
            try addAlias(kind: "po-number", value: number, family: family, subject: order.number, folding: true)
        }
        if let contact = order.contact {
            try addAlias(kind: "email", value: contact.email, family: family, subject: order.number, folding: true)
        }
    }
}
