/// One position of a question for figures.
public struct QuoteLine: Hashable, Sendable {
    /// Unique within the question; the answer names it.
    public var id: String
    /// The product.
    public var sku: String
    /// Greater than zero.
    public var quantity: ExactDecimal
    /// The unit of the quantity, and what a price is for.
    public var unit: UnitCode
    /// What the store itself would charge per unit: only for estimating tax. Up to six decimals.
    public var unitPrice: ExactDecimal?

    /// All fields in their order.
    public init(id: String, sku: String, quantity: ExactDecimal, unit: UnitCode, unitPrice: ExactDecimal? = nil) {
        self.id = id
        self.sku = sku
        self.quantity = quantity
        self.unit = unit
        self.unitPrice = unitPrice
    }
}

extension QuoteLine: ContractObject {
    static var blank: QuoteLine { QuoteLine(id: "", sku: "", quantity: .zero, unit: .one) }
    static var schemaName: String { "QuoteLine" }
    static var summary: String { "One position of a question for figures." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "Unique within the question; the answer names it.")
        fields.field("sku", &sku, .key, "The product.")
        fields.field("quantity", &quantity, .quantity, "How much, in unit.")
        fields.field("unit", &unit, "The unit of quantity, and what a price is for.")
        fields.field("unitPrice", &unitPrice, .unitPrice, "What the store would charge: only for estimating tax.")
    }
}
