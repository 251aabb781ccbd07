internal import Fleet
internal import Ledger
internal import Models

/// One look into the ledger for figures: what the ERP has said to questions beside what the feed has brought.
struct FigureLook {
    let snapshot: LedgerSnapshot
    let settings: QuoteSettings
    let unsaved: UnsavedFigures
    /// Whether the ledger's file has the store's tables.
    let hasStore: Bool
    private let now = Timestamp.now()

    init(snapshot: LedgerSnapshot, settings: QuoteSettings, unsaved: UnsavedFigures, hasStore: Bool) {
        self.snapshot = snapshot
        self.settings = settings
        self.unsaved = unsaved
        self.hasStore = hasStore
    }

    /// Today in UTC.
    private var day: String { String(now.description.prefix(10)) }

    func figure(_ key: FigureKey) throws -> Figure? {
        switch key {
        case .product(let sku): return try hasStore ? snapshot.storeProduct(sku.text).map(Figure.product) : nil
        case .account(let account):
            return try hasStore ? snapshot.storeAccount(account.text).map(Figure.account) : nil
        case .price(let price): return try self.price(price)
        case .stock(let sku, let unit): return try stock(sku.text, unit)
        case .freight, .tax: return try said(key)
        }
    }

    /// What the ERP has said to a question, unless that is too old.
    private func said(_ key: FigureKey) throws -> Figure? {
        guard let address = key.cacheAddress else { return nil }
        let oldest = now.microseconds - (settings.expiry[address.question] ?? .zero).microseconds
        if let note = unsaved.note(of: key) {
            return note.figure.flatMap { ($0.asOf?.microseconds ?? note.at) >= oldest ? $0 : nil }
        }
        return try snapshot.cachedFigure(address.question, address.place, since: oldest)
    }

    /// The store's own tables know which version holds today, also one that has begun since the ERP was asked. What it said
    /// counts where they know no price, unless its version is over, or has been restated since.
    private func price(_ key: PriceKey) throws -> Figure? {
        var said: PriceFact?
        if case .price(let fact)? = try self.said(.price(key)) { said = fact }
        guard hasStore else { return said.map { .price($0) } }
        if let shown = try snapshot.storePrice(key, on: day) { return .price(shown) }
        if let fact = said, let version = fact.version,
            try !snapshot.holds(version, of: key.account.text, on: day, saidAt: fact.asOf)
        {
            said = nil
        }
        return said.map { .price($0) }
    }

    /// The store's own tables know what it has sold since, and the ERP's answers do not.
    private func stock(_ sku: String, _ unit: UnitCode) throws -> Figure? {
        if hasStore, let shown = try snapshot.storeStock(sku, unit, on: day) { return .stock(shown) }
        return try said(.stock(ExactText(sku), unit))
    }
}
