internal import Models

/// What has to be looked up for a question, each with the line that it is of.
struct QuestionKeys {
    /// A key, and which line it is of, where it is of one.
    struct Key {
        var key: FigureKey
        var line = 0
    }

    private let request: QuoteRequest

    init(_ request: QuoteRequest) { self.request = request }

    private func asks(_ questions: QuoteFallback.Question...) -> Bool {
        questions.contains { request.questions.contains($0) }
    }

    /// One for each line, where weight or tax class is needed.
    var products: [FigureKey] {
        asks(.shipping, .tax) ? request.lines.map { .product(ExactText($0.sku)) } : []
    }

    /// Prices and stock. Tax is reckoned on prices.
    var lines: [Key?] {
        request.lines.indices.flatMap { index -> [Key?] in
            var keys: [Key?] = []
            let line = request.lines[index]
            if asks(.price, .tax), let key = price(of: line) { keys.append(Key(key: .price(key), line: index)) }
            if asks(.availability) { keys.append(Key(key: stock(of: line), line: index)) }
            return keys
        }
    }

    /// Nil of a registration: no prices are agreed with it.
    func price(of line: QuoteLine) -> PriceKey? {
        request.customer.account.map { account in
            PriceKey(
                account: ExactText(account), currency: request.currency, sku: ExactText(line.sku), unit: line.unit,
                quantity: line.quantity)
        }
    }

    func stock(of line: QuoteLine) -> FigureKey { .stock(ExactText(line.sku), line.unit) }

    /// Of every question: an account that is closed is told nothing from memory.
    var account: Key? { request.customer.account.map { Key(key: .account(ExactText($0))) } }

    /// The one of the method that was asked for before that of all.
    func freight(_ load: GoodsLoad) -> [Key?] {
        guard asks(.shipping), let address = request.shipTo, let goods = load.freightGoods(request) else { return [] }
        var key = FreightKey(
            account: ExactText(request.customer.account ?? ""), currency: request.currency,
            place: CachePlace(address, digits: CachePlace.freightDigits), goods: goods)
        let all = Key(key: .freight(key))
        guard let method = request.shippingMethod else { return [all] }
        key.method = ExactText(method)
        return [Key(key: .freight(key)), all]
    }

    /// Nil of a registration: whether it pays tax is not known.
    func tax(_ load: GoodsLoad) -> Key? {
        guard asks(.tax), let account = request.customer.account, let address = request.shipTo,
            let goods = load.taxGoods(request)
        else { return nil }
        let place = CachePlace(address, digits: CachePlace.taxDigits)
        let key = TaxKey(account: ExactText(account), currency: request.currency, place: place, goods: goods)
        return Key(key: .tax(key))
    }
}
