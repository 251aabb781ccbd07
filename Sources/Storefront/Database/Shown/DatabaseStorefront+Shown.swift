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

    /// A price of the holder's newest version that has one, and of those that hold on a day, in ISO 8601, if one is given;
    /// `beside` the part of a version. Nil when none is shown.
    public func shownPrice(
        for step: PriceStep, of holder: PriceHolder, on day: String? = nil, beside part: ContractPrices? = nil,
        _ snapshot: LedgerSnapshot
    ) throws(LedgerError) -> Price? {
        try snapshot.first(
            """
            SELECT p.unit_price, v.currency FROM store_price AS p CROSS JOIN store_price_version AS v
                ON v.holder_kind = p.holder_kind AND v.holder = p.holder AND v.price_version = p.price_version
                    AND v.part = p.part
            WHERE p.holder_kind = ?1 AND p.holder = ?2 AND p.sku = ?3 AND p.minimum_micro = ?4
                AND (?5 = '' OR ?5 BETWEEN v.valid_from AND v.valid_until)
                AND NOT (p.price_version = ?6 AND p.part = ?7)
            ORDER BY v.valid_from DESC, p.price_version DESC LIMIT 1
            """, .text(holder.kind), .text(holder.key), .text(step.sku), .integer(step.minimum), .text(day ?? ""),
            .text(part?.priceVersion ?? ""), .text(part?.part ?? "")
        ) { row in
            Price(amount: row.text(0), currency: row.text(1))
        } ?? nil
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
