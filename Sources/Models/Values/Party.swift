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

/// A person that can be asked.
public struct Contact: Hashable, Sendable {
    /// The person's name.
    public var name: String
    /// An e-mail address.
    public var email: String
    /// A telephone number.
    public var phone: String?

    /// All fields in their order.
    public init(name: String, email: String, phone: String? = nil) {
        self.name = name
        self.email = email
        self.phone = phone
    }
}
