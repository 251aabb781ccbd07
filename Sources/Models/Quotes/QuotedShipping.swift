/// A way to send the goods, and what it costs.
public struct QuotedShipping: Hashable, Sendable {
    /// The shipping method's code, as agreed between store and ERP: an order names it.
    public var method: String
    /// The method in words for the buyer.
    public var title: String
    /// Freight for the whole question.
    public var amount: ExactDecimal
    /// What the amount rests on.
    public var basis: QuoteBasis

    /// All fields in their order.
    public init(method: String, title: String, amount: ExactDecimal, basis: QuoteBasis) {
        self.method = method
        self.title = title
        self.amount = amount
        self.basis = basis
    }
}

extension QuotedShipping: ContractObject {
    static var blank: QuotedShipping { QuotedShipping(method: "", title: "", amount: .zero, basis: .blank) }
    static var schemaName: String { "QuotedShipping" }
    static var summary: String { "A way to send the goods, and what it costs." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("method", &method, .key, "The shipping method's code, as agreed with the ERP.")
        fields.field("title", &title, .text(0...120), "The method in words for the buyer.")
        fields.field("amount", &amount, .amount, "Freight for the whole question.")
        fields.field("basis", &basis, "What the amount rests on.")
    }
}
