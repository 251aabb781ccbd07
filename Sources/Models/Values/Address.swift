/// A postal address.
public struct Address: Hashable, Sendable {
    /// The company at this address.
    public var company: String?
    /// The recipient.
    public var name: String
    /// One to four street lines.
    public var street: [String]
    /// City or locality.
    public var city: String
    /// State, province or region code.
    public var region: String?
    /// As written in that country.
    public var postalCode: String?
    /// ISO 3166-1 alpha-2.
    public var country: CountryCode

    /// All fields in their order.
    public init(
        company: String? = nil, name: String, street: [String], city: String, region: String? = nil,
        postalCode: String? = nil, country: CountryCode
    ) {
        self.company = company
        self.name = name
        self.street = street
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
    }
}

extension Address: ContractObject {
    static var blank: Address {
        Address(name: "", street: [], city: "", country: .blank)
    }
    static var schemaName: String { "Address" }
    static var summary: String { "A postal address." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("company", &company, .text(0...120), "The company at this address.")
        fields.field("name", &name, .text(1...120), "The recipient.")
        fields.field("street", &street, .list(1...4, of: .text(1...120)), "Street lines.")
        fields.field("city", &city, .text(1...120), "City or locality.")
        fields.field("region", &region, .text(0...120), "State, province or region code.")
        fields.field("postalCode", &postalCode, .text(0...20), "As written in that country.")
        fields.field("country", &country, "The country.")
    }
}
