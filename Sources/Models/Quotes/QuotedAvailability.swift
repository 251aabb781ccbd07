/// What a warehouse can promise of a product.
public struct QuotedAvailability: Hashable, Sendable {
    /// The warehouse's code.
    public var warehouse: String
    /// What may be promised now, in the line's unit; zero or more.
    public var quantity: ExactDecimal
    /// When there is more.
    public var availableFrom: CalendarDate?
    /// What the quantity rests on.
    public var basis: QuoteBasis

    /// All fields in their order.
    public init(
        warehouse: String, quantity: ExactDecimal, availableFrom: CalendarDate? = nil, basis: QuoteBasis
    ) {
        self.warehouse = warehouse
        self.quantity = quantity
        self.availableFrom = availableFrom
        self.basis = basis
    }
}

extension QuotedAvailability: ContractObject {
    static var blank: QuotedAvailability { QuotedAvailability(warehouse: "", quantity: .zero, basis: .blank) }
    static var schemaName: String { "QuotedAvailability" }
    static var summary: String { "What a warehouse can promise of a product." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("warehouse", &warehouse, .key, "The warehouse's code.")
        fields.field("quantity", &quantity, .openQuantity, "What may be promised now, in the line's unit.")
        fields.field("availableFrom", &availableFrom, "When there is more.")
        fields.field("basis", &basis, "What the quantity rests on.")
    }
}
