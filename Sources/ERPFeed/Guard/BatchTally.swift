internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What a batch of changes would do to what the store shows.
struct BatchTally: Sendable {
    /// What makes a change doubtful.
    enum Doubt: CaseIterable {
        case stockZeroed, pricesMoved, pricesDropped
    }

    /// Changes that may be doubtful in one way: how many are of how many, and the first of them, readable.
    struct Count: Sendable {
        var known = 0
        var doubtful = 0
        var examples: [String] = []
        /// Whether each object's change is doubtful, nil where an earlier finding is over; the first of them, if there are very
        /// many.
        private(set) var findings: [String: Bool?] = [:]

        /// From here on a page is judged by itself alone.
        private static let many = 200
        private static let veryMany = 10_000
        var isLarge: Bool { known >= Self.many }
        private var isFull: Bool { findings.count >= Self.veryMany }

        mutating func add(_ object: String, isDoubtful: Bool, _ example: @autoclosure () -> String) {
            known += 1
            find(object, isDoubtful)
            guard isDoubtful else { return }
            doubtful += 1
            if examples.count < 50 { examples.append(example()) }
        }

        mutating func settle(_ object: String) {
            if !isFull { findings.updateValue(nil, forKey: object) }
        }

        private mutating func find(_ object: String, _ isDoubtful: Bool) {
            if !isFull { findings[object] = (findings[object] ?? nil) == true || isDoubtful }
        }

        func exceeds(_ percent: Int, minimum: Int) -> Bool { doubtful >= minimum && doubtful * 100 > known * percent }
    }

    private(set) var counts: [Doubt: Count] = [:]

    init() {}

    mutating func add(
        _ doubt: Doubt, _ object: String, isDoubtful: Bool, _ example: @autoclosure () -> String
    ) {
        counts[doubt, default: Count()].add(object, isDoubtful: isDoubtful, example())
    }

    /// What was found earlier of the object is over.
    mutating func settle(_ doubt: Doubt, _ object: String) { counts[doubt, default: Count()].settle(object) }

    /// Compares each change with what is shown; `today` in ISO 8601.
    init(
        _ changes: [DatedChange], limits: GuardLimits, shown snapshot: LedgerSnapshot,
        today: String = String(Timestamp.now().description.prefix(10))
    ) throws {
        let store = DatabaseStorefront()
        let scale = PriceScale(changes, step: limits.priceStep, today: today, store: store, snapshot: snapshot)
        for change in changes {
            switch change.what {
            case .stock(let stock): add(stock, try store.shownStock(of: stock.sku, in: stock.warehouse, snapshot))
            case .product(let product): add(product, try store.shownListPrice(of: product.sku, snapshot), scale)
            case .prices(let prices): try add(prices, scale)
            case .order, .offlineOrder, .customer, .shipment: continue
            }
        }
    }

    private mutating func add(_ stock: Stock, _ shown: Int64?) {
        guard let shown else { return }
        guard shown > 0 else {
            if !stock.available.isZero { settle(.stockZeroed, stock.sku) }
            return
        }
        add(
            .stockZeroed, stock.sku, isDoubtful: stock.available.isZero,
            "\(stock.sku) in \(stock.warehouse): \(ExactDecimal(units: shown, scale: 6)?.shortest ?? "?") → 0")
    }

    /// Why the batch, alone or with what was found `beside` it, looks like a mistake; nil when it does not.
    func alarm(_ limits: GuardLimits, beside recent: RecentFindings = RecentFindings()) -> BatchAlarm? {
        let found = Doubt.allCases.compactMap { doubt -> BatchAlarm? in
            guard let count = counts[doubt] else { return nil }
            return count.suspicion(beside: recent.beside(count, doubt), doubt, limits)
        }
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
    /// What is wrong with these changes, alone or with others; nil when it is not much, or nothing of it new.
    fileprivate func suspicion(
        beside others: (known: Int, doubtful: Int), _ doubt: BatchTally.Doubt, _ limits: GuardLimits
    ) -> BatchAlarm? {
        let (limit, what) = limits.limit(of: doubt)
        var all = self
        all.known += others.known
        all.doubtful += others.doubtful
        let isAlone = exceeds(limit, minimum: limits.minimum)
        guard isAlone || doubtful > 0 && all.exceeds(limit, minimum: limits.minimum) else { return nil }
        let (count, earlier) =
            isAlone ? (self, "") : (all, ", \(others.doubtful) of them within the 15 minutes before")
        return BatchAlarm(
            reason: "\(count.doubtful) of \(count.known) \(what) (at most \(limit) %)\(earlier)", diff: lines)
    }

    private var lines: [String] {
        let more = doubtful - examples.count
        return more > 0 ? examples + ["and \(more) more"] : examples
    }
}

extension GuardLimits {
    /// How many percent may be doubtful, and what they are.
    fileprivate func limit(of doubt: BatchTally.Doubt) -> (percent: Int, what: String) {
        switch doubt {
        case .stockZeroed: (stockZeroed, "products that had would have nothing available any more")
        case .pricesMoved: (pricesMoved, "prices would move by more than \(priceStep) %")
        case .pricesDropped: (pricesDropped, "prices would be gone")
        }
    }
}

extension ExactDecimal {
    /// Without zeros that say nothing.
    fileprivate var shortest: String { rounded(to: significantScale)?.description ?? description }
}
