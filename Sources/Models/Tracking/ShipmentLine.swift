/// What a shipment has of one order line.
public struct ShipmentLine: Hashable, Sendable {
    /// The order line's id. Several lines may be of one: lots, or parts in different boxes.
    public var lineID: String
    /// What is sent: the product that was ordered, or its substitute.
    public var sku: String
    /// How much, in the order line's unit.
    public var quantity: ExactDecimal

    /// All fields in their order.
    public init(lineID: String, sku: String, quantity: ExactDecimal) {
        self.lineID = lineID
        self.sku = sku
        self.quantity = quantity
    }
}

extension ShipmentLine: ContractObject {
    static var blank: ShipmentLine { ShipmentLine(lineID: "", sku: "", quantity: .zero) }
    static var schemaName: String { "ShipmentLine" }
    static var summary: String { "What a shipment has of one order line." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("lineId", &lineID, .key, "The order line's id.")
        fields.field("sku", &sku, .key, "What is sent: the product that was ordered, or its substitute.")
        fields.field("quantity", &quantity, .quantity, "How much, in the order line's unit.")
    }
}
