import Fleet
import Ledger
import Models
import Storefront
import Testing

@testable import QuotesWorker

/// The store's tables, as the workers of the fleet fill them.
enum DatabaseTables {
    static func prepare(_ ledger: Ledger) async throws {
        try await DatabaseStorefront.migrate(ledger)
        try await FleetTables.migrate(ledger)
        try await QuoteCacheTable.migrate(ledger)
    }

    static func customer(
        _ account: String = "C-1", lists: [String] = [], hold: OrderStatus.Reason? = nil
    ) -> Customer {
        Customer(
            account: account, revision: 1, name: "Northwind", currency: .usd, isPurchaseOrderAllowed: true,
            creditUsed: .zero, hold: hold, priceLists: lists, isActive: true)
    }

    /// A version of an account's own prices, for one product from one piece on.
    static func prices(
        _ price: String, version: String, from: String = "2020-01-01", until: String? = nil, account: String = "C-1"
    ) throws -> ContractPrices {
        ContractPrices(
            holder: .account(account), priceVersion: version, revision: 1, currency: .usd,
            validFrom: try #require(CalendarDate(from)), validUntil: try until.map { try #require(CalendarDate($0)) },
            prices: [ContractPrice(sku: "BOLT", unit: .one, unitPrice: try Asked.decimal(price))])
    }

    static func product(weight: String? = "0.25", listPrice: String? = nil) throws -> Product {
        Product(
            sku: "BOLT", revision: 1, name: "A bolt", unit: .one,
            weight: try weight.map { Measure(quantity: try Asked.decimal($0), unit: try #require(UnitCode("KGM"))) },
            listPrice: try listPrice.map { Price(amount: try Asked.decimal($0), currency: .usd) }, isActive: true)
    }

    static func stock(_ onHand: String, in warehouse: String = "EAST") throws -> Stock {
        Stock(
            sku: "BOLT", warehouse: warehouse, revision: 1, unit: .one, onHand: try Asked.decimal(onHand),
            reserved: .zero)
    }
}

extension DatabaseTables {
    /// Shows an account and its prices, as customers-worker does.
    static func show(
        _ prices: ContractPrices..., customer: Customer = customer(), in transaction: LedgerTransaction
    ) throws {
        try DatabaseStorefront().show(customer, at: .now(), in: transaction)
        for one in prices { try DatabaseStorefront().show(one, at: .now(), in: transaction) }
    }

    /// Shows a product and its stock, as inventory-worker does.
    static func show(_ product: Product, _ stock: Stock..., in transaction: LedgerTransaction) throws {
        try DatabaseStorefront().show(product, at: .now(), in: transaction)
        for one in stock { try DatabaseStorefront().show(one, at: .now(), in: transaction) }
    }
}
