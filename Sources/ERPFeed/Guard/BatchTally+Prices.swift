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
    /// What the page itself has prices for that hold today: those that count.
    private var offered: [Need: VersionPrice] = [:]
    /// What the page states anew, so that what is shown of it is over.
    private var restated: Set<Part> = []

    private struct Need: Hashable {
        var holder: PriceHolder
        var step: PriceStep
    }

    private struct Part: Hashable {
        var holder: PriceHolder
        var version: String
        var part: String
    }

    init(_ changes: [DatedChange], step: Int, today: String, store: DatabaseStorefront, snapshot: LedgerSnapshot) {
        self.step = step
        self.today = today
        self.store = store
        self.snapshot = snapshot
        for case .prices(let prices) in changes.map(\.what) { note(prices) }
    }

    private mutating func note(_ prices: ContractPrices) {
        let (version, part, validity) = (prices.priceVersion, prices.part ?? "", PriceValidity(prices))
        restated.insert(Part(holder: prices.holder, version: version, part: part))
        guard validity.includes(today) else { return }
        for price in prices.prices {
            let need = Need(holder: prices.holder, step: PriceStep(price))
            let offer = VersionPrice(
                price: Price(amount: price.unitPrice, currency: prices.currency), version: version, part: part,
                from: validity.from)
            if offered[need].map({ offer.counts(before: $0) }) ?? true { offered[need] = offer }
        }
    }

    /// What the buyer pays today once the page is told; nil when the holder has no price for it any more.
    func priceAfter(for step: PriceStep, of holder: PriceHolder) throws -> Price? {
        let shown = try store.shownPrices(for: step, of: holder, on: today, snapshot).first {
            !restated.contains(Part(holder: holder, version: $0.version, part: $0.part))
        }
        guard let offer = offered[Need(holder: holder, step: step)] else { return shown?.price }
        return shown.map { $0.counts(before: offer) } == true ? shown?.price : offer.price
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
        let will = PriceValidity(prices)
        let isOver = was.includes(scale.today) && !will.includes(scale.today)
        var rest = shown
        for price in prices.prices {
            let old = rest.removeValue(forKey: PriceStep(price))
            // What is over is paid no more: what is paid instead is looked at below.
            guard !isOver else { continue }
            addMove(
                "\(prices.subject) \(price.sku)", old.flatMap { Price(amount: $0, code: was.currency) },
                Price(amount: price.unitPrice, currency: prices.currency), scale)
        }
        let why = isOver ? "from \(will.from) to \(will.until), not today" : "no price any more"
        for (key, amount) in shown.sorted(by: { $0.key.sku < $1.key.sku }) {
            let name = "\(prices.subject) \(key.sku)"
            let isGone = isOver || rest[key] != nil
            let next = isGone ? try scale.priceAfter(for: key, of: prices.holder) : nil
            add(.pricesDropped, name, isDoubtful: isGone && next == nil, "\(name): \(why)")
            if let next { addMove(name, Price(amount: amount, code: was.currency), next, scale) }
        }
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
