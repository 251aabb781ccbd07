internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the store an account: `customer.v1`.
struct CustomerHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.customer.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let customer = try message.content(as: Customer.self)
        try storefront.show(customer, at: message.envelope.time, in: transaction)
        // Its contacts' addresses are in the store's tables alone, from which they go when a contact goes.
        try transaction.addFoldedName(family: message.type.family, subject: customer.account)
    }
}
