/// What a product is called in another language.
public struct ProductText: Hashable, Sendable {
    /// A BCP 47 tag, unique within the product: `de`, `pt-BR`.
    public var language: String
    /// The product's name.
    public var name: String
    /// More about it.
    public var description: String?

    /// All fields in their order.
    public init(language: String, name: String, description: String? = nil) {
        self.language = language
        self.name = name
        self.description = description
    }
}

extension ProductText: ContractObject {
    static var blank: ProductText { ProductText(language: "", name: "") }
    static var schemaName: String { "ProductText" }
    static var summary: String { "What a product is called in another language." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("language", &language, .key, "A BCP 47 tag, unique within the product.")
        fields.field("name", &name, .text(1...Product.longestName), "The product's name.")
        fields.field("description", &description, .text(0...Product.longestDescription), "More about it.")
    }
}
