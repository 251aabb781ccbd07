/// What a text in a message says of a person.
public enum PersonalKind: String, Hashable, Sendable, CaseIterable {
    case name, company, email, phone, street, city
    case postalCode = "postal-code"
    case taxID = "tax-id"
    /// Something that stands beside these, in a field of which the contract knows nothing.
    case other

    /// Whether sentences are looked through for such a text. A city or a postal code points to nobody by itself, and its
    /// name is in too many others; of what the contract does not know, nobody can say.
    public var isQuotable: Bool {
        switch self {
        case .name, .company, .email, .phone, .street, .taxID: true
        case .city, .postalCode, .other: false
        }
    }
}

/// What stands in place of a person's data once it has been erased. It keeps the contract, and no mail reaches it.
public enum PersonalMark {
    /// Instead of any text.
    public static let text = "erased"
    /// Instead of an e-mail address; `.invalid` is reserved for what must never exist (RFC 2606).
    public static let email = "erased@example.invalid"

    /// Whether a text is one of these, also where an ERP keeps its names in capitals.
    public static func isOne(_ text: String) -> Bool { [Self.text, email].contains(text.lowercased()) }
}
