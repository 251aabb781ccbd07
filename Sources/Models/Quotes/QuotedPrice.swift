/// The price of a position.
public struct QuotedPrice: Hashable, Sendable {
    /// Per unit of the line; up to six decimals.
    public var unitPrice: ExactDecimal
    /// For the whole line.
    public var amount: ExactDecimal
    /// Which published price list says so.
    public var priceVersion: String?
    /// What the price rests on.
    public var basis: QuoteBasis

    /// All fields in their order.
    public init(unitPrice: ExactDecimal, amount: ExactDecimal, priceVersion: String? = nil, basis: QuoteBasis) {
        self.unitPrice = unitPrice
        self.amount = amount
        self.priceVersion = priceVersion
        self.basis = basis
    }
}

extension QuotedPrice: ContractObject {
    static var blank: QuotedPrice { QuotedPrice(unitPrice: .zero, amount: .zero, basis: .blank) }
    static var schemaName: String { "QuotedPrice" }
    static var summary: String { "The price of a position." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("unitPrice", &unitPrice, .unitPrice, "Per unit of the line.")
        fields.field("amount", &amount, .amount, "For the whole line.")
        fields.field("priceVersion", &priceVersion, .key, "Which published price list says so.")
        fields.field("basis", &basis, "What the price rests on.")
    }
}
