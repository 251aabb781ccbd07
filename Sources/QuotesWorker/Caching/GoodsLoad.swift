internal import Fleet
internal import Models

/// What the goods of a question weigh, and how they are taxed, as far as that is known.
struct GoodsLoad: Hashable, Sendable {
    /// Nil when a product has no known weight, and none may be guessed.
    private(set) var kilograms: ExactDecimal? = .zero
    /// Whether no weight was guessed.
    private(set) var isWeighed = true
    /// The first product whose weight is neither known nor guessed.
    private(set) var unweighed: String?
    /// The class of all goods; nil where they have several, or one is not known.
    private(set) var taxClass: String?

    /// So many lines can stand for themselves in a key.
    private static let mostLines = 20

    init(_ request: QuoteRequest, defaultWeight: ExactDecimal?, _ products: [ProductFact?]) {
        for (line, product) in zip(request.lines, products) {
            add(line, product.flatMap { $0.unit == line.unit ? $0.kilograms : nil }, defaultWeight)
        }
        let classes = Set(products.map { $0?.taxClass })
        taxClass = classes.count == 1 ? classes.first ?? nil : nil
    }

    private mutating func add(_ line: QuoteLine, _ known: ExactDecimal?, _ defaultWeight: ExactDecimal?) {
        if known == nil { isWeighed = false }
        guard let each = known ?? defaultWeight, let weight = line.quantity.multiplied(by: each, roundedTo: 3) else {
            unweighed = unweighed ?? line.sku
            kilograms = nil
            return
        }
        kilograms = kilograms?.adding(weight)
    }

    /// What freight depends on; nil where it cannot be said in short.
    func freightGoods(_ request: QuoteRequest) -> ExactText? {
        guard isWeighed, let begun = kilograms.flatMap(FreightTariff.begun) else { return Self.lines(request) }
        return ExactText("\(begun)kg")
    }

    /// What the rate of tax depends on; nil where it cannot be said in short.
    func taxGoods(_ request: QuoteRequest) -> ExactText? {
        taxClass.map { ExactText("class \($0)") } ?? Self.lines(request)
    }

    private static func lines(_ request: QuoteRequest) -> ExactText? {
        guard request.lines.count <= mostLines else { return nil }
        let lines = request.lines.map {
            SubjectKey.joined($0.sku, $0.unit.code, $0.quantity.shortest.description)
        }
        return ExactText(lines.sorted().joined(separator: ";"))
    }
}
