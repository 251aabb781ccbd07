/// The answer to a ``QuoteRequest``: the body of `quote.answered.v1`, the reply to `quote.requested.v1`.
///
/// Every figure says what it rests on. Every question is answered or refused, for each line or for all of them.
public struct QuoteAnswer: Hashable, Sendable {
    /// The question's id: the business key, and the envelope's `subject`.
    public var id: String
    /// Always 1. Equal to the envelope's `revision`.
    public var revision: Int64
    /// The currency of every amount.
    public var currency: Currency
    /// When it was answered.
    public var answeredAt: Timestamp
    /// What is answered line by line; each line once.
    public var lines: [QuotedLine]
    /// The ways to send the goods; each method once.
    public var shipping: [QuotedShipping]
    /// All taxes.
    public var tax: QuotedTax?
    /// What is not answered, and why.
    public var refusals: [QuoteRefusal]

    /// All fields in their order.
    public init(
        id: String, revision: Int64 = 1, currency: Currency, answeredAt: Timestamp, lines: [QuotedLine] = [],
        shipping: [QuotedShipping] = [], tax: QuotedTax? = nil, refusals: [QuoteRefusal] = []
    ) {
        self.id = id
        self.revision = revision
        self.currency = currency
        self.answeredAt = answeredAt
        self.lines = lines
        self.shipping = shipping
        self.tax = tax
        self.refusals = refusals
    }
}

extension QuoteAnswer: ContractObject {
    static var blank: QuoteAnswer { QuoteAnswer(id: "", revision: 0, currency: .blank, answeredAt: .blank) }
    static var schemaName: String { "QuoteAnswer" }
    static var summary: String {
        "The answer to a question for figures: each figure says what it rests on, and what is not answered says why. Amounts have no more decimals than the currency's minor unit."
    }
    /// Each question may be refused for each line.
    private static let mostRefusals = QuoteRequest.mostLines * QuoteFallback.Question.allCases.count

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "The question's id; equal to subject.")
        fields.field("revision", &revision, .once, "Always 1; equal to revision above.")
        fields.field("currency", &currency, "The currency of every amount.")
        fields.field("answeredAt", &answeredAt, "When it was answered.")
        fields.field(
            "lines", &lines, .list(0...QuoteRequest.mostLines), "What is answered line by line, each line once.")
        fields.field("shipping", &shipping, .list(0...100), "The ways to send the goods, each method once.")
        fields.field("tax", &tax, "All taxes.")
        fields.field("refusals", &refusals, .list(0...Self.mostRefusals), "What is not answered, and why.")
        describeDecimals(&fields)
    }

    /// The part of the rules of ``checkDecimals(_:)`` that a schema can say.
    private func describeDecimals(_ fields: inout some FieldVisitor) {
        CurrencyDecimals.describe(&fields) { amount in
            let priced: JSONTree = ["properties": ["price": ["properties": ["amount": amount]]]]
            return [
                "lines": ["items": priced], "shipping": ["items": ["properties": ["amount": amount]]],
                "tax": ["properties": ["amount": amount]],
            ]
        }
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(lines, list: "lines", member: "id", &faults) { $0.id }
        UniqueIDs.check(shipping, list: "shipping", member: "method", &faults) { $0.method }
        if faults.isSound(.name("currency")) { checkDecimals(&faults) }
    }

    private func checkDecimals(_ faults: inout FaultList) {
        checkPrices(&faults)
        checkShipping(&faults)
        guard let tax, isTooFine(tax.amount), faults.isSound(.name("tax")) else { return }
        faults.report(
            CurrencyDecimals.rule, at: .name("tax"), .name("amount"), value: tax.amount.description,
            says: CurrencyDecimals.predicate(currency))
    }

    private func checkPrices(_ faults: inout FaultList) {
        for (index, line) in lines.enumerated() {
            guard let amount = line.price?.amount, isTooFine(amount),
                faults.isSound(.name("lines"), .index(index), .name("price"))
            else { continue }
            faults.report(
                CurrencyDecimals.rule, at: .name("lines"), .index(index), .name("price"), .name("amount"),
                value: amount.description, says: CurrencyDecimals.predicate(currency))
        }
    }

    private func checkShipping(_ faults: inout FaultList) {
        for (index, option) in shipping.enumerated() where isTooFine(option.amount) {
            guard faults.isSound(.name("shipping"), .index(index)) else { continue }
            faults.report(
                CurrencyDecimals.rule, at: .name("shipping"), .index(index), .name("amount"),
                value: option.amount.description, says: CurrencyDecimals.predicate(currency))
        }
    }

    private func isTooFine(_ amount: ExactDecimal) -> Bool { amount.scale > currency.minorUnits }
}
