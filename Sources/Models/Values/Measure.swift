/// A quantity with its unit, such as a weight.
public struct Measure: Hashable, Sendable {
    /// Above zero.
    public var quantity: ExactDecimal
    /// The UN/ECE code, for example `KGM` (kilogram).
    public var unit: UnitCode

    /// All fields in their order.
    public init(quantity: ExactDecimal, unit: UnitCode) {
        self.quantity = quantity
        self.unit = unit
    }
}

extension Measure: ContractObject {
    static var blank: Measure { Measure(quantity: .zero, unit: .blank) }
    static var schemaName: String { "Measure" }
    static var summary: String { "A quantity with its unit." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("quantity", &quantity, .quantity, "How much, in unit.")
        fields.field("unit", &unit, "The unit of quantity.")
    }
}
