/// A price per unit, in a currency.
public struct Price: Hashable, Sendable {
    /// Zero or more; up to six decimals.
    public var amount: ExactDecimal
    /// The currency of the amount.
    public var currency: Currency

    /// All fields in their order.
    public init(amount: ExactDecimal, currency: Currency) {
        self.amount = amount
        self.currency = currency
    }
}

extension Price: ContractObject {
    static var blank: Price { Price(amount: .zero, currency: .blank) }
    static var schemaName: String { "Price" }
    static var summary: String { "A price per unit." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("amount", &amount, .unitPrice, "Per unit.")
        fields.field("currency", &currency, "The currency of amount.")
    }
}
