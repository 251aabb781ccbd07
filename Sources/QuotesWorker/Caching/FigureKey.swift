internal import Models

/// Names something that can be known without asking the ERP anew.
enum FigureKey: Hashable, Sendable {
    case product(ExactText)
    case account(ExactText)
    case price(PriceKey)
    /// What each warehouse has of a product, in that unit.
    case stock(ExactText, UnitCode)
    case freight(FreightKey)
    case tax(TaxKey)
}

/// What a price is for: an account's, in a currency, for so much of a product.
struct PriceKey: Hashable, Sendable {
    var account: ExactText
    var currency: Currency
    var sku: ExactText
    var unit: UnitCode
    /// As asked: breaks are the ERP's business.
    var quantity: ExactDecimal
}

/// What freight is for: an account, since some have rates of their own, a part of a country, and goods of so much weight.
struct FreightKey: Hashable, Sendable {
    /// Empty of who has none.
    var account: ExactText
    var currency: Currency
    var place: CachePlace
    /// The weight in whole kilograms, the last one begun; the goods themselves where one has no known weight.
    var goods: ExactText
    /// The method that was asked for; nil for all.
    var method: ExactText?
}

/// What a rate of tax is for: an account, since some pay none, a place, and goods that are taxed alike.
struct TaxKey: Hashable, Sendable {
    var account: ExactText
    var currency: Currency
    var place: CachePlace
    /// The tax class of all goods; the goods themselves where they have several, or one is not known.
    var goods: ExactText
}

/// Where the cache's table keeps a figure.
struct CacheAddress: Hashable, Sendable {
    var question: QuoteFallback.Question
    var place: String
}

extension FigureKey {
    /// Where the cache's table keeps it; nil for what only the store's tables know.
    var cacheAddress: CacheAddress? {
        switch self {
        case .product, .account: nil
        case .price(let key):
            CacheAddress(
                question: .price,
                place: SubjectKey.joined(
                    key.account.text, key.currency.code, key.sku.text, key.unit.code, key.quantity.shortest.description)
            )
        case .stock(let sku, let unit):
            CacheAddress(question: .availability, place: SubjectKey.joined(sku.text, unit.code))
        case .freight(let key):
            CacheAddress(
                question: .shipping,
                place: SubjectKey.joined(
                    key.account.text, key.currency.code, key.place.text, key.goods.text, key.method?.text ?? ""))
        case .tax(let key):
            CacheAddress(
                question: .tax,
                place: SubjectKey.joined(key.account.text, key.currency.code, key.place.text, key.goods.text))
        }
    }
}

extension ExactDecimal {
    /// The number without zeros at the end of its decimals.
    var shortest: ExactDecimal { rounded(to: significantScale) ?? self }
}
