internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the store an account: `customer.v1`.
struct CustomerHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.customer.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try storefront.show(message.content(as: Customer.self), at: message.envelope.time, in: transaction)
    }
}
