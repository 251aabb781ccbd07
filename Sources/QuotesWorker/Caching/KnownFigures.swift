internal import Fleet
internal import Models

/// Everything that is known of a question without asking the ERP.
struct KnownFigures: Sendable {
    /// What was looked up.
    enum Found {
        case figure(Figure?)
        /// Nobody has looked yet.
        case notYet
    }

    private(set) var account: AccountFact?
    /// By line.
    private(set) var prices: [PriceFact?]
    /// By line; empty where nothing is known.
    private(set) var stock: [[StockFact]]
    private(set) var freight: [FreightFact] = []
    private(set) var tax: TaxFact?
    private(set) var load: GoodsLoad

    /// Nothing is known.
    init(nothingOf request: QuoteRequest, _ settings: QuoteSettings) {
        prices = Array(repeating: nil, count: request.lines.count)
        stock = Array(repeating: [], count: request.lines.count)
        load = GoodsLoad(
            request, defaultWeight: settings.defaultWeight, Array(repeating: nil, count: request.lines.count))
    }

    /// What `look` finds; nil when something of it has not been looked up yet.
    init?(
        of request: QuoteRequest, _ settings: QuoteSettings, _ look: (FigureKey) throws -> Found
    ) rethrows {
        self.init(nothingOf: request, settings)
        let keys = QuestionKeys(request)
        var products: [ProductFact?] = []
        for key in keys.products {
            guard case .figure(let figure) = try look(key) else { return nil }
            if case .product(let fact)? = figure { products.append(fact) } else { products.append(nil) }
        }
        if !products.isEmpty { load = GoodsLoad(request, defaultWeight: settings.defaultWeight, products) }
        let rest = keys.lines + [keys.account] + keys.freight(load) + [keys.tax(load)]
        for place in rest.compactMap(\.self) {
            guard case .figure(let figure) = try look(place.key) else { return nil }
            if let figure { take(figure, place.line) }
        }
    }

    /// Of freight, what was found first counts.
    private mutating func take(_ figure: Figure, _ index: Int) {
        switch figure {
        case .product: break
        case .account(let fact): account = fact
        case .price(let fact): prices[index] = fact
        case .stock(let facts): stock[index] = facts
        case .freight(let facts): if freight.isEmpty { freight = facts }
        case .tax(let fact): tax = fact
        }
    }
}
