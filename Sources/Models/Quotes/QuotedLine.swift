/// What is answered of one position.
public struct QuotedLine: Hashable, Sendable {
    /// The line's id in the question.
    public var id: String
    /// The product.
    public var sku: String
    /// Its price, when that was asked and is known.
    public var price: QuotedPrice?
    /// What each warehouse has of it, when that was asked and is known; each warehouse once.
    public var availability: [QuotedAvailability]

    /// All fields in their order.
    public init(id: String, sku: String, price: QuotedPrice? = nil, availability: [QuotedAvailability] = []) {
        self.id = id
        self.sku = sku
        self.price = price
        self.availability = availability
    }
}

extension QuotedLine: ContractObject {
    static var blank: QuotedLine { QuotedLine(id: "", sku: "") }
    static var schemaName: String { "QuotedLine" }
    static var summary: String { "What is answered of one position." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "The line's id in the question.")
        fields.field("sku", &sku, .key, "The product.")
        fields.field("price", &price, "Its price, when that was asked and is known.")
        fields.field(
            "availability", &availability, .list(0...1000),
            "What each warehouse has of it, when that was asked and is known; each warehouse once.")
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(availability, list: "availability", member: "warehouse", &faults) { $0.warehouse }
    }
}
