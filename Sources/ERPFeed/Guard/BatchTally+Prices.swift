internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What prices are held against.
struct PriceScale {
    /// By how many percent a price must move to count.
    let step: Int
    /// In ISO 8601.
    let today: String
    let store: DatabaseStorefront
    let snapshot: LedgerSnapshot
    /// What the page itself has prices for that hold today.
    private let offered: Set<OfferedPrice>

    private struct OfferedPrice: Hashable {
        var holder: PriceHolder
        var step: PriceStep
    }

    init(_ changes: [DatedChange], step: Int, today: String, store: DatabaseStorefront, snapshot: LedgerSnapshot) {
        self.step = step
        self.today = today
        self.store = store
        self.snapshot = snapshot
        var offered: Set<OfferedPrice> = []
        for case .prices(let prices) in changes.map(\.what) where PriceValidity(prices).includes(today) {
            for price in prices.prices {
                offered.insert(OfferedPrice(holder: prices.holder, step: PriceStep(price)))
            }
        }
        self.offered = offered
    }

    func isOffered(_ step: PriceStep, to holder: PriceHolder) -> Bool {
        offered.contains(OfferedPrice(holder: holder, step: step))
    }
}

extension BatchTally {
    mutating func add(_ product: Product, _ shown: Price?, _ scale: PriceScale) {
        guard let shown else { return }
        add(
            .pricesDropped, product.sku, isDoubtful: product.listPrice == nil, "\(product.sku): no list price any more")
        if let price = product.listPrice { addMove(product.sku, shown, price, scale) }
    }

    mutating func add(_ prices: ContractPrices, _ scale: PriceScale) throws {
        guard let was = try scale.store.shownValidity(of: prices, scale.snapshot) else {
            return try addVersion(prices, scale)
        }
        let shown = try scale.store.shownPrices(prices, scale.snapshot)
        var rest = shown
        for price in prices.prices {
            let old = rest.removeValue(forKey: PriceStep(price))
            addMove(
                "\(prices.subject) \(price.sku)", old.flatMap { Price(amount: $0, code: was.currency) },
                Price(amount: price.unitPrice, currency: prices.currency), scale)
        }
        let will = PriceValidity(prices)
        let isOver = was.includes(scale.today) && !will.includes(scale.today)
        for key in shown.keys.sorted(by: { $0.sku < $1.sku }) {
            let isGone = isOver || rest[key] != nil
            let isDoubtful = try isGone && !isReplaced(key, shown[key], was.currency, prices, scale)
            add(
                .pricesDropped, "\(prices.subject) \(key.sku)", isDoubtful: isDoubtful,
                "\(prices.subject) \(key.sku): "
                    + (isOver ? "from \(will.from) to \(will.until), not today" : "no price any more"))
        }
    }

    /// Whether the buyer has another price of the same holder instead: one of this page, which is judged where it stands, or
    /// one that is shown, which his price moves to.
    private mutating func isReplaced(
        _ step: PriceStep, _ amount: ExactDecimal?, _ currency: String, _ prices: ContractPrices, _ scale: PriceScale
    ) throws -> Bool {
        if scale.isOffered(step, to: prices.holder) { return true }
        let other = try scale.store.shownPrice(
            for: step, of: prices.holder, on: scale.today, beside: prices, scale.snapshot)
        guard let other else { return false }
        let shown = amount.flatMap { Price(amount: $0, code: currency) }
        addMove("\(prices.subject) \(step.sku)", shown, other, scale)
        return true
    }

    /// A new version is held against what it stands beside: a store takes the newest that holds.
    private mutating func addVersion(_ prices: ContractPrices, _ scale: PriceScale) throws {
        for price in prices.prices {
            let shown = try scale.store.shownPrice(for: PriceStep(price), of: prices.holder, scale.snapshot)
            addMove(
                "\(prices.subject) \(price.sku)", shown, Price(amount: price.unitPrice, currency: prices.currency),
                scale)
        }
    }

    /// In another currency any amount is another price.
    private mutating func addMove(_ name: String, _ shown: Price?, _ price: Price, _ scale: PriceScale) {
        guard let shown, !shown.amount.isZero else { return }
        guard shown.currency == price.currency else {
            return add(
                .pricesMoved, name, isDoubtful: true,
                "\(name): \(shown.amount) \(shown.currency) → \(price.amount) \(price.currency)")
        }
        add(
            .pricesMoved, name, isDoubtful: price.amount.moves(from: shown.amount, byMoreThan: scale.step),
            "\(name): \(shown.amount) → \(price.amount)")
    }
}

extension Price {
    fileprivate init?(amount: ExactDecimal, code: String) {
        guard let currency = Currency(code) else { return nil }
        self.init(amount: amount, currency: currency)
    }
}

extension ExactDecimal {
    /// Whether it is further from `other`, which is not zero, than so many percent.
    fileprivate func moves(from other: ExactDecimal, byMoreThan percent: Int) -> Bool {
        guard let difference = subtracting(other), let factor = ExactDecimal(Int64(percent)),
            let hundred = ExactDecimal(100), let moved = difference.multiplied(by: hundred),
            let allowed = other.multiplied(by: factor)
        else { return true }
        let magnitude = moved.isNegative ? ExactDecimal.zero.subtracting(moved) ?? moved : moved
        return magnitude > allowed
    }
}
