public import Ledger
public import Models

// What the store shows now, for who has to judge a change before it is shown.
extension DatabaseStorefront {
    /// What is available of a product in a warehouse, in millionths; nil when nothing is shown.
    public func shownStock(
        of sku: String, in warehouse: String, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Int64? {
        try snapshot.first(
            "SELECT available_micro FROM store_stock WHERE sku = ? AND warehouse = ?"
        ) { bind in
            bind.text(sku)
            bind.text(warehouse)
        } row: { row in
            row.integer(0)
        }
    }

    /// A product's list price; nil when none is shown.
    public func shownListPrice(of sku: String, _ snapshot: LedgerSnapshot) throws(LedgerError) -> Price? {
        try snapshot.first("SELECT list_price, currency FROM store_product WHERE sku = ?") { bind in
            bind.text(sku)
        } row: { row in
            Price(amount: row.text(0), currency: row.text(1))
        } ?? nil
    }

    /// The prices of one part of a version, by product and least quantity in millionths; nothing when none are shown.
    public func shownPrices(
        _ prices: ContractPrices, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> [PriceStep: ExactDecimal] {
        let rows = try snapshot.query(
            """
            SELECT sku, minimum_micro, unit_price FROM store_price
            WHERE holder_kind = ? AND holder = ? AND price_version = ? AND part = ?
            """, .text(prices.holder.kind), .text(prices.holder.key), .text(prices.priceVersion),
            .text(prices.part ?? "")
        ) { row in
            (PriceStep(sku: row.text(0), minimum: row.integer(1)), ExactDecimal(row.text(2)) ?? .zero)
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// When and in which currency the shown prices of one part of a version hold; nil when none are shown.
    public func shownValidity(
        of prices: ContractPrices, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> PriceValidity? {
        try snapshot.first(
            """
            SELECT currency, valid_from, valid_until FROM store_price_version
            WHERE holder_kind = ? AND holder = ? AND price_version = ? AND part = ?
            """, .text(prices.holder.kind), .text(prices.holder.key), .text(prices.priceVersion),
            .text(prices.part ?? "")
        ) { row in
            PriceValidity(currency: row.text(0), from: row.text(1), until: row.text(2))
        }
    }

    /// A price of the holder's newest version that has one; nil when none is shown.
    public func shownPrice(
        for step: PriceStep, of holder: PriceHolder, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Price? {
        try shownPrices(for: step, of: holder, on: nil, snapshot).first?.price
    }

    /// The prices of a holder for one step, of every version that holds on a day, in ISO 8601, or ever; the newest first, which
    /// is the one that counts.
    public func shownPrices(
        for step: PriceStep, of holder: PriceHolder, on day: String?, _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> [VersionPrice] {
        try snapshot.query(
            """
            SELECT p.unit_price, v.currency, p.price_version, p.part, v.valid_from
            FROM store_price AS p CROSS JOIN store_price_version AS v
                ON v.holder_kind = p.holder_kind AND v.holder = p.holder AND v.price_version = p.price_version
                    AND v.part = p.part
            WHERE p.holder_kind = ?1 AND p.holder = ?2 AND p.sku = ?3 AND p.minimum_micro = ?4
                AND (?5 = '' OR ?5 BETWEEN v.valid_from AND v.valid_until)
            ORDER BY v.valid_from DESC, p.price_version DESC
            """, .text(holder.kind), .text(holder.key), .text(step.sku), .integer(step.minimum), .text(day ?? "")
        ) { row in
            Price(amount: row.text(0), currency: row.text(1)).map {
                VersionPrice(price: $0, version: row.text(2), part: row.text(3), from: row.text(4))
            }
        }.compactMap(\.self)
    }
}

/// What one part of a version says of a price.
public struct VersionPrice: Hashable, Sendable {
    /// For one unit.
    public var price: Price
    /// The version's name.
    public var version: String
    /// The part's name, empty where there is but one.
    public var part: String
    /// The first day, in ISO 8601.
    public var from: String

    /// All fields in their order.
    public init(price: Price, version: String, part: String, from: String) {
        (self.price, self.version, self.part, self.from) = (price, version, part, from)
    }

    /// Whether it counts, and the other one does not: that of the later beginning, then of the greater name, byte by byte.
    public func counts(before other: VersionPrice) -> Bool {
        from == other.from
            ? other.version.utf8.lexicographicallyPrecedes(version.utf8) : other.from < from
    }
}

extension Price {
    /// As the tables have it.
    fileprivate init?(amount: String, currency: String) {
        guard let amount = ExactDecimal(amount), let currency = Currency(currency) else { return nil }
        self.init(amount: amount, currency: currency)
    }
}

/// When prices hold, and in which currency they are.
public struct PriceValidity: Hashable, Sendable {
    /// ISO 4217.
    public var currency: String
    /// The first and the last day, in ISO 8601; `9999-12-31` where no last one is agreed.
    public var from: String
    /// See ``from``.
    public var until: String

    init(currency: String, from: String, until: String) {
        (self.currency, self.from, self.until) = (currency, from, until)
    }

    /// Those of a message.
    public init(_ prices: ContractPrices) {
        self.init(
            currency: prices.currency.code, from: prices.validFrom.description,
            until: prices.validUntil?.description ?? "9999-12-31")
    }

    /// Whether the prices hold on that day.
    public func includes(_ day: String) -> Bool { from <= day && day <= until }
}

/// For what a price holds.
public struct PriceStep: Hashable, Sendable {
    /// The product.
    public var sku: String
    /// The least quantity, in millionths.
    public var minimum: Int64

    /// A price's step.
    public init(_ price: ContractPrice) {
        self.init(sku: price.sku, minimum: price.minimumQuantity?.millionths ?? 0)
    }

    init(sku: String, minimum: Int64) {
        self.sku = sku
        self.minimum = minimum
    }
}
