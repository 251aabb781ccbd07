/// The price of a product from some quantity on.
public struct ContractPrice: Hashable, Sendable {
    /// The product.
    public var sku: String
    /// The smallest quantity it holds for; nil when it holds for any.
    public var minimumQuantity: ExactDecimal?
    /// The unit of the quantity, and what the price is for.
    public var unit: UnitCode
    /// Per unit; zero or more, up to six decimals.
    public var unitPrice: ExactDecimal

    /// All fields in their order.
    public init(sku: String, minimumQuantity: ExactDecimal? = nil, unit: UnitCode, unitPrice: ExactDecimal) {
        self.sku = sku
        self.minimumQuantity = minimumQuantity
        self.unit = unit
        self.unitPrice = unitPrice
    }

    /// What may be there once: a product and a quantity, however the quantity is written.
    var key: String {
        let quantity = minimumQuantity ?? .zero
        return "\(sku) from \(quantity.rounded(to: quantity.significantScale) ?? quantity)"
    }
}

extension ContractPrice: ContractObject {
    static var blank: ContractPrice { ContractPrice(sku: "", unit: .blank, unitPrice: .zero) }
    static var schemaName: String { "ContractPrice" }
    static var summary: String { "The price of a product from some quantity on; each quantity once for a product." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("sku", &sku, .key, "The product.")
        fields.field(
            "minimumQuantity", &minimumQuantity, .quantity, "The smallest quantity it holds for; missing for any.")
        fields.field("unit", &unit, "The unit of the quantity, and what the price is for.")
        fields.field("unitPrice", &unitPrice, .unitPrice, "Per unit.")
    }
}
