/// What became of a figure of an order that rested on a cached or estimated quote: the ERP's own figure takes its place.
public struct QuoteSettlement: Hashable, Sendable {
    /// Which figure of the order's totals: price is goods.
    public var question: QuoteFallback.Question
    /// What the order's figure rested on.
    public var basis: QuoteFallback.Basis
    /// The currency of every amount: the order's.
    public var currency: Currency
    /// What the order says.
    public var quoted: ExactDecimal
    /// What the ERP charges.
    public var settled: ExactDecimal
    /// settled − quoted: below zero when the buyer pays less than was said.
    public var difference: ExactDecimal

    /// All fields in their order.
    public init(
        question: QuoteFallback.Question, basis: QuoteFallback.Basis, currency: Currency, quoted: ExactDecimal,
        settled: ExactDecimal, difference: ExactDecimal
    ) {
        self.question = question
        self.basis = basis
        self.currency = currency
        self.quoted = quoted
        self.settled = settled
        self.difference = difference
    }

    /// With the difference reckoned; nil where an amount has more decimals than the currency's minor unit, or the
    /// difference has no room.
    public init?(
        question: QuoteFallback.Question, basis: QuoteFallback.Basis, currency: Currency, quoted: ExactDecimal,
        settled: ExactDecimal
    ) {
        guard quoted.scale <= currency.minorUnits, settled.scale <= currency.minorUnits,
            let difference = settled.subtracting(quoted)
        else { return nil }
        self.init(
            question: question, basis: basis, currency: currency, quoted: quoted, settled: settled,
            difference: difference)
    }
}

extension QuoteSettlement: ContractObject {
    static var blank: QuoteSettlement {
        QuoteSettlement(
            question: .blank, basis: .blank, currency: .blank, quoted: .zero, settled: .zero, difference: .zero)
    }
    static var schemaName: String { "QuoteSettlement" }
    static var summary: String {
        "What became of a figure of the order that rested on a cached or estimated quote. difference = settled - quoted."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("question", &question, "Which figure of the order's totals: price is goods.")
        fields.field("basis", &basis, "What the order's figure rested on.")
        fields.field("currency", &currency, "The currency of every amount: the order's.")
        fields.field("quoted", &quoted, .amount, "What the order says.")
        fields.field("settled", &settled, .amount, "What the ERP charges.")
        fields.field("difference", &difference, .signedAmount, "settled - quoted.")
        fields.rule(
            "choice", at: "question", of: ["question"], holds: question != .availability,
            "is availability, which has no amount",
            schema: ["properties": ["question": ["not": ["const": "availability"]]]])
        CurrencyDecimals.describe(&fields) { amount in
            ["quoted": amount, "settled": amount, "difference": amount]
        }
    }

    /// Reports what the amounts owe each other and the currency; `index` is the settlement's in its status.
    func check(_ faults: inout FaultList, at index: Int) {
        for (name, amount) in named where amount.scale > currency.minorUnits {
            faults.report(
                CurrencyDecimals.rule, at: .name("settlements"), .index(index), .name(name), value: amount.description,
                says: CurrencyDecimals.predicate(currency))
        }
        guard !isReckoned else { return }
        faults.report(
            "reconcile", at: .name("settlements"), .index(index), .name("difference"), value: difference.description,
            says: "must be settled - quoted")
    }

    /// Whether it keeps its contract.
    var isSound: Bool {
        question != .availability && isReckoned && named.allSatisfy { $0.amount.scale <= currency.minorUnits }
    }

    private var isReckoned: Bool { settled.billionths &- quoted.billionths == difference.billionths }

    private var named: [(name: StaticString, amount: ExactDecimal)] {
        [("quoted", quoted), ("settled", settled), ("difference", difference)]
    }
}
