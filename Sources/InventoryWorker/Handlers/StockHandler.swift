internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the store what a warehouse has: `stock.v1`.
struct StockHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.stock.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try storefront.show(message.content(as: Stock.self), at: message.envelope.time, in: transaction)
    }
}
