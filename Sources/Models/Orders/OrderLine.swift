/// One position of an order.
public struct OrderLine: Hashable, Sendable {
    /// Unique within the order and stable over its revisions.
    public var id: String
    /// The product.
    public var sku: String
    /// Greater than zero.
    public var quantity: ExactDecimal
    /// The UN/ECE Recommendation 20 code, for example `C62` (one) or `MTR` (metre).
    public var unit: UnitCode
    /// Per unit; up to six decimals.
    public var unitPrice: ExactDecimal
    /// quantity × unit price, give or take one minor unit of the currency for rounding.
    public var amount: ExactDecimal
    /// Which published price list said so.
    public var priceVersion: String?

    /// All fields in their order.
    public init(
        id: String, sku: String, quantity: ExactDecimal, unit: UnitCode, unitPrice: ExactDecimal, amount: ExactDecimal,
        priceVersion: String? = nil
    ) {
        self.id = id
        self.sku = sku
        self.quantity = quantity
        self.unit = unit
        self.unitPrice = unitPrice
        self.amount = amount
        self.priceVersion = priceVersion
    }
}

extension OrderLine: ContractObject {
    static var blank: OrderLine {
        OrderLine(
            id: "", sku: "", quantity: .zero, unit: .one, unitPrice: .zero, amount: .zero)
    }
    static var schemaName: String { "OrderLine" }
    static var summary: String {
        "One position of an order. amount is quantity x unitPrice, give or take one minor unit for rounding."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "Unique within the order and stable over its revisions.")
        fields.field("sku", &sku, .key, "The product.")
        fields.field("quantity", &quantity, .quantity, "How much, in unit.")
        fields.field("unit", &unit, "The unit of quantity.")
        fields.field("unitPrice", &unitPrice, .unitPrice, "Per unit.")
        fields.field("amount", &amount, .amount, "For the whole line.")
        fields.field("priceVersion", &priceVersion, .key, "Which published price list said so.")
    }
}
