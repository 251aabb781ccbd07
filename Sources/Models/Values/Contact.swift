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

extension Contact: ContractObject {
    static var blank: Contact {
        Contact(name: "", email: "")
    }
    static var schemaName: String { "Contact" }
    static var summary: String { "A person that can be asked." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("name", &name, .text(1...120), "The person's name.")
        fields.field("email", &email, .email, "An e-mail address.")
        fields.field("phone", &phone, .text(0...64), "A telephone number.")
    }
}
