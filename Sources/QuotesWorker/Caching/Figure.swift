internal import Models

/// What is known of a ``FigureKey``.
enum Figure: Hashable, Sendable {
    case product(ProductFact)
    case account(AccountFact)
    case price(PriceFact)
    case stock([StockFact])
    case freight([FreightFact])
    case tax(TaxFact)
}

/// What estimates need of a product.
struct ProductFact: Hashable, Sendable {
    var unit: UnitCode?
    /// Of one unit, in kilograms.
    var kilograms: ExactDecimal?
    var taxClass: String?
}

/// What stands against an account, as the store was told.
struct AccountFact: Hashable, Sendable {
    var isActive: Bool
    var holdCode: String?
    var holdText: String?
}

/// A price for so much of a product.
struct PriceFact: Hashable, Sendable {
    var unitPrice: ExactDecimal
    var amount: ExactDecimal
    var version: String?
    /// When the ERP said so.
    var asOf: Timestamp
    /// Whether the store's own tables have it, where it does not grow too old.
    var isShown = false
}

/// What a warehouse has of a product.
struct StockFact: Hashable, Sendable {
    var warehouse: String
    var quantity: ExactDecimal
    var availableFrom: CalendarDate?
    /// When the ERP said so.
    var asOf: Timestamp
    /// Whether the store's own tables have it, where it does not grow too old.
    var isShown = false
}

/// What a method costs.
struct FreightFact: Hashable, Sendable {
    var method: String
    var title: String
    var amount: ExactDecimal
    /// When the ERP said so.
    var asOf: Timestamp
}

/// What tax goods of a certain worth had.
struct TaxFact: Hashable, Sendable {
    var tax: ExactDecimal
    /// What was taxed. The rate is as exact as this is great, so that it serves for goods of no greater worth.
    var goods: ExactDecimal
    /// When the ERP said so.
    var asOf: Timestamp
}

extension Figure {
    /// When the ERP said so; nil for what has no time of its own, or says nothing.
    var asOf: Timestamp? {
        switch self {
        case .product, .account: nil
        case .price(let fact): fact.asOf
        case .stock(let facts): facts.first?.asOf
        case .freight(let facts): facts.first?.asOf
        case .tax(let fact): fact.asOf
        }
    }

    /// Whether the store's own tables have it; else the ERP has said it to a question, which counts only for so long.
    var isShown: Bool {
        switch self {
        case .product, .account: true
        case .price(let fact): fact.isShown
        case .stock(let facts): facts.first?.isShown ?? false
        case .freight, .tax: false
        }
    }
}
