internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the store what an account, or who has a price list, pays: `contract-prices.v1`.
struct ContractPricesHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.contractPrices.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let prices = try message.content(as: ContractPrices.self)
        do {
            try storefront.show(prices, at: message.envelope.time, in: transaction)
        } catch let error as StorefrontError {
            throw Failure(error)
        }
    }
}
