/// How much is at stake in one currency: the totals of the orders that an alert is about.
public struct AlertStake: Hashable, Sendable {
    /// The sum.
    public var amount: ExactDecimal
    /// Its currency.
    public var currency: Currency

    /// All fields in their order.
    public init(amount: ExactDecimal, currency: Currency) {
        self.amount = amount
        self.currency = currency
    }
}

extension AlertStake: ContractObject {
    static var blank: AlertStake { AlertStake(amount: .zero, currency: .blank) }
    static var schemaName: String { "AlertStake" }
    static var summary: String { "How much is at stake in one currency." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("amount", &amount, .amount, "The sum.")
        fields.field("currency", &currency, "Its currency.")
    }
}
