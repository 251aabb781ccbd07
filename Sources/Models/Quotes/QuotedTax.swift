/// All taxes on what would be bought.
public struct QuotedTax: Hashable, Sendable {
    /// For the whole question.
    public var amount: ExactDecimal
    /// What the amount rests on.
    public var basis: QuoteBasis

    /// All fields in their order.
    public init(amount: ExactDecimal, basis: QuoteBasis) {
        self.amount = amount
        self.basis = basis
    }
}

extension QuotedTax: ContractObject {
    static var blank: QuotedTax { QuotedTax(amount: .zero, basis: .blank) }
    static var schemaName: String { "QuotedTax" }
    static var summary: String { "All taxes on what would be bought." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("amount", &amount, .amount, "For the whole question.")
        fields.field("basis", &basis, "What the amount rests on.")
    }
}
