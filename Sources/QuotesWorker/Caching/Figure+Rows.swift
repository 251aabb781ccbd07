internal import Models

/// A part of a figure as the cache's table has it.
struct CacheRow: Hashable, Sendable {
    /// What tells it from other parts of the same figure: a warehouse, a method.
    var detail: String
    var value: String
    /// In microseconds since 1970.
    var asOf: Int64
}

extension Figure {
    /// As the cache's table has it; none for what is not kept there.
    var rows: [CacheRow] {
        switch self {
        case .product, .account: []
        case .price(let fact):
            [
                CacheRow(
                    detail: "", value: Self.text(fact.unitPrice.description, fact.amount.description, fact.version),
                    asOf: fact.asOf.microseconds)
            ]
        case .stock(let facts):
            facts.map { fact in
                CacheRow(
                    detail: fact.warehouse,
                    value: Self.text(fact.quantity.description, fact.availableFrom?.description),
                    asOf: fact.asOf.microseconds)
            }
        case .freight(let facts):
            facts.map { fact in
                CacheRow(
                    detail: fact.method, value: Self.text(fact.amount.description, fact.title),
                    asOf: fact.asOf.microseconds)
            }
        case .tax(let fact):
            [
                CacheRow(
                    detail: "", value: Self.text(fact.tax.description, fact.goods.description),
                    asOf: fact.asOf.microseconds)
            ]
        }
    }

    /// No line of a value holds a line break: titles had theirs taken out, and keys have none.
    private static func text(_ parts: String?...) -> String {
        parts.map { ($0 ?? "").split(whereSeparator: \.isNewline).joined(separator: " ") }.joined(separator: "\n")
    }

    /// Nil when there is nothing, or nothing that this version can read.
    init?(_ rows: [CacheRow], of question: QuoteFallback.Question) {
        let parts = rows.compactMap { CachedPart($0) }
        guard let first = parts.first else { return nil }
        switch question {
        case .price:
            guard let price = first.decimal(0), let amount = first.decimal(1) else { return nil }
            self = .price(PriceFact(unitPrice: price, amount: amount, version: first.text(2), asOf: first.asOf))
        case .availability: self = .stock(parts.compactMap(\.stock))
        case .shipping: self = .freight(parts.compactMap(\.freight))
        case .tax:
            guard let tax = first.decimal(0), let goods = first.decimal(1) else { return nil }
            self = .tax(TaxFact(tax: tax, goods: goods, asOf: first.asOf))
        }
    }
}

/// A row whose value is taken apart.
private struct CachedPart {
    let detail: String
    let parts: [String]
    let asOf: Timestamp

    init?(_ row: CacheRow) {
        guard let asOf = Timestamp(microseconds: row.asOf) else { return nil }
        detail = row.detail
        parts = row.value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.asOf = asOf
    }

    /// Nil where it is missing or empty.
    func text(_ index: Int) -> String? { index < parts.count && !parts[index].isEmpty ? parts[index] : nil }

    func decimal(_ index: Int) -> ExactDecimal? { text(index).flatMap { ExactDecimal($0) } }

    var stock: StockFact? {
        decimal(0).map { quantity in
            StockFact(
                warehouse: detail, quantity: quantity, availableFrom: text(1).flatMap { CalendarDate($0) }, asOf: asOf)
        }
    }

    var freight: FreightFact? {
        decimal(0).map { FreightFact(method: detail, title: text(1) ?? detail, amount: $0, asOf: asOf) }
    }
}
