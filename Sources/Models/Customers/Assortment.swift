/// The products that an account may see: those of its groups and those named, without those left out.
public struct Assortment: Hashable, Sendable {
    /// Groups whose products it sees (``Product/groups``).
    public var groups: [String]
    /// Products it sees besides.
    public var skus: [String]
    /// Products it does not see, whatever the rest says.
    public var excludedSKUs: [String]

    /// All fields in their order.
    public init(groups: [String] = [], skus: [String] = [], excludedSKUs: [String] = []) {
        self.groups = groups
        self.skus = skus
        self.excludedSKUs = excludedSKUs
    }
}

extension Assortment: ContractObject {
    static var blank: Assortment { Assortment() }
    static var schemaName: String { "Assortment" }
    static var summary: String { "The products that an account may see; with nothing in it, none." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("groups", &groups, .list(0...1_000, of: .key), "Groups whose products it sees.")
        fields.field("skus", &skus, .list(0...20_000, of: .key), "Products it sees besides.")
        fields.field(
            "excludedSkus", &excludedSKUs, .list(0...20_000, of: .key),
            "Products it does not see, whatever the rest says.")
    }
}
