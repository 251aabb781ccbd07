/// A property of a product, such as its colour or its length.
public struct ProductAttribute: Hashable, Sendable {
    /// Unique within the product, for example `colour`.
    public var name: String
    /// What it is; a decimal when there is a unit.
    public var value: String
    /// The unit of a value that is measured, for example `MMT` (millimetre).
    public var unit: UnitCode?

    /// All fields in their order.
    public init(name: String, value: String, unit: UnitCode? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

extension ProductAttribute: ContractObject {
    static var blank: ProductAttribute { ProductAttribute(name: "", value: "") }
    static var schemaName: String { "ProductAttribute" }
    static var summary: String { "A property of a product." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("name", &name, .key, "Unique within the product, for example colour.")
        fields.field("value", &value, .text(1...500), "What it is; a decimal when there is a unit.")
        fields.field("unit", &unit, "The unit of a value that is measured.")
        fields.rule(
            "decimal", at: "value", of: ["value", "unit"], holds: unit == nil || ExactDecimal(value) != nil,
            "must be a decimal such as \"12.5\", because it has a unit",
            schema: [
                "if": ["properties": ["unit": ["type": "string"]], "required": ["unit"]],
                "then": ["properties": ["value": ["pattern": .string(Self.decimal)]]],
            ])
    }

    /// The form of every ``ExactDecimal``: no negative zero, at most 18 digits, 9 of them decimals.
    private static let decimal = #"^(?!-[0.]+$)(?!-?([0-9]\.?){19})-?(0|[1-9][0-9]*)(\.[0-9]{1,9})?$"#
}
