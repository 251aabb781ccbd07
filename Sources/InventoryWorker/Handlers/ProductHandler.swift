internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows a product in the store's catalogue: `product.v1`.
struct ProductHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.product.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let product = try message.content(as: Product.self)
        try storefront.show(product, at: message.envelope.time, in: transaction)
        try transaction.addFoldedName(family: message.type.family, subject: product.sku)
    }
}
