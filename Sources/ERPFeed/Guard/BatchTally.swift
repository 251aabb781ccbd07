internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What a batch of changes would do to what the store shows.
struct BatchTally: Sendable {
    /// One kind of doubtful change: how many of how many, and the first of them, readable.
    struct Count: Sendable {
        var known = 0
        var doubtful = 0
        var examples: [String] = []

        mutating func add(isDoubtful: Bool, _ example: @autoclosure () -> String) {
            known += 1
            guard isDoubtful else { return }
            doubtful += 1
            if examples.count < 50 { examples.append(example()) }
        }

        mutating func add(_ other: Count) {
            known += other.known
            doubtful += other.doubtful
        }

        func exceeds(_ percent: Int, minimum: Int) -> Bool { doubtful >= minimum && doubtful * 100 > known * percent }
    }

    var stockZeroed = Count()
    var pricesMoved = Count()
    var pricesDropped = Count()

    init() {}

    /// Compares each change with what is shown; `today` in ISO 8601.
    init(
        _ changes: [DatedChange], limits: GuardLimits, shown snapshot: LedgerSnapshot,
        today: String = String(Timestamp.now().description.prefix(10))
    ) throws {
        let store = DatabaseStorefront()
        for change in changes {
            switch change.what {
            case .stock(let stock): try add(stock, store.shownStock(of: stock.sku, in: stock.warehouse, snapshot))
            case .product(let product):
                guard let shown = try store.shownListPrice(of: product.sku, snapshot) else { continue }
                pricesDropped.add(isDoubtful: product.listPrice == nil, "\(product.sku): no list price any more")
                if let price = product.listPrice { addPrice(product.sku, shown, price.amount, limits.priceStep) }
            case .prices(let prices): try add(prices, store, snapshot, limits.priceStep, today)
            case .order, .offlineOrder, .customer, .shipment: continue
            }
        }
    }

    private mutating func add(_ stock: Stock, _ shown: Int64?) {
        guard let shown, shown > 0 else { return }
        stockZeroed.add(
            isDoubtful: stock.available.isZero,
            "\(stock.sku) in \(stock.warehouse): \(ExactDecimal(units: shown, scale: 6)?.shortest ?? "?") → 0")
    }

    private mutating func add(
        _ prices: ContractPrices, _ store: DatabaseStorefront, _ snapshot: LedgerSnapshot, _ step: Int, _ today: String
    ) throws {
        guard let was = try store.shownValidity(of: prices, snapshot) else {
            return try addVersion(prices, store, snapshot, step)
        }
        let (shown, will) = (try store.shownPrices(prices, snapshot), PriceValidity(prices))
        let isOver = was.includes(today) && !will.includes(today)
        var rest = shown
        for price in prices.prices {
            let (name, old) = ("\(prices.subject) \(price.sku)", rest.removeValue(forKey: PriceStep(price)))
            if was.currency == will.currency {
                addPrice(name, old, price.unitPrice, step)
            } else if let old {
                let change = "\(old) \(was.currency) → \(price.unitPrice) \(will.currency)"
                pricesMoved.add(isDoubtful: true, "\(name): \(change)")
            }
        }
        for key in shown.keys.sorted(by: { $0.sku < $1.sku }) {
            let name = "\(prices.subject) \(key.sku)"
            pricesDropped.add(
                isDoubtful: isOver || rest[key] != nil,
                isOver ? "\(name): from \(will.from) to \(will.until), not today" : "\(name): no price any more")
        }
    }

    /// A new version is held against what it stands beside: a store takes the newest that holds.
    private mutating func addVersion(
        _ prices: ContractPrices, _ store: DatabaseStorefront, _ snapshot: LedgerSnapshot, _ step: Int
    ) throws {
        for price in prices.prices {
            let shown = try store.shownPrice(for: PriceStep(price), of: prices.holder, snapshot)
            addPrice("\(prices.subject) \(price.sku)", shown, price.unitPrice, step)
        }
    }

    private mutating func addPrice(_ name: String, _ shown: ExactDecimal?, _ price: ExactDecimal, _ step: Int) {
        guard let shown, !shown.isZero else { return }
        pricesMoved.add(isDoubtful: price.moves(from: shown, byMoreThan: step), "\(name): \(shown) → \(price)")
    }

    /// Whether nothing could be held against what is shown.
    var isEmpty: Bool { stockZeroed.known + pricesMoved.known + pricesDropped.known == 0 }

    /// The numbers alone.
    var withoutExamples: BatchTally {
        var numbers = BatchTally()
        numbers.add(self)
        return numbers
    }

    /// Counts the other's changes as well; what they are is left out.
    mutating func add(_ other: BatchTally) {
        stockZeroed.add(other.stockZeroed)
        pricesMoved.add(other.pricesMoved)
        pricesDropped.add(other.pricesDropped)
    }

    /// Why the batch, or what was told `before` together with it, looks like a mistake; nil when it does not.
    func alarm(_ limits: GuardLimits, before: BatchTally = BatchTally()) -> BatchAlarm? {
        let found = [
            (
                stockZeroed, before.stockZeroed, limits.stockZeroed,
                "products that had would have nothing available any more"
            ),
            (
                pricesMoved, before.pricesMoved, limits.pricesMoved,
                "prices would move by more than \(limits.priceStep) %"
            ),
            (pricesDropped, before.pricesDropped, limits.pricesDropped, "prices would be gone"),
        ].compactMap { $0.suspicion(with: $1, limit: $2, $3, minimum: limits.minimum) }
        guard !found.isEmpty else { return nil }
        return BatchAlarm(reason: found.map(\.reason).joined(separator: "; ") + ".", diff: found.flatMap(\.diff))
    }
}

/// Why a batch is held back, and what it would change.
struct BatchAlarm: Hashable, Sendable {
    var reason: String
    var diff: [String]
}

extension BatchTally.Count {
    /// What is wrong with these changes, alone or with those told before; nil when it is not much, or nothing of it new.
    fileprivate func suspicion(
        with before: BatchTally.Count, limit: Int, _ what: String, minimum: Int
    ) -> BatchAlarm? {
        var all = self
        all.add(before)
        guard doubtful > 0, exceeds(limit, minimum: minimum) || all.exceeds(limit, minimum: minimum) else { return nil }
        let isLarge = exceeds(limit, minimum: minimum)
        let count = isLarge ? "\(doubtful) of \(known)" : "\(all.doubtful) of \(all.known)"
        let told = isLarge ? "" : ", \(before.doubtful) of them told within the last 15 minutes"
        return BatchAlarm(reason: "\(count) \(what) (at most \(limit) %)\(told)", diff: lines)
    }

    private var lines: [String] {
        let more = doubtful - examples.count
        return more > 0 ? examples + ["and \(more) more"] : examples
    }
}

extension ExactDecimal {
    /// Without zeros that say nothing.
    fileprivate var shortest: String { rounded(to: significantScale)?.description ?? description }

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
