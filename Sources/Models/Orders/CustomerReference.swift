/// The buyer: an account that the ERP knows, or a registration that is still being decided.
public enum CustomerReference: Hashable, Sendable {
    /// The ERP's account number.
    case account(String)
    /// The store's registration id.
    case registration(String)
}

extension CustomerReference: ContractObject {
    static var blank: CustomerReference {
        .account("")
    }
    static var schemaName: String { "CustomerReference" }
    static var summary: String { "The buyer: either account or registration." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        var (account, registration) = parts
        fields.field("account", &account, .key, "The ERP's account number.")
        fields.field("registration", &registration, .key, "The store's id of a registration still being decided.")
        fields.oneOf(
            "account", account, "registration", registration, "or registration must be there, and not both")
        if let account { self = .account(account) }
        if let registration { self = .registration(registration) }
    }

    /// The account's number; nil for a registration.
    public var account: String? { parts.account }

    private var parts: (account: String?, registration: String?) {
        switch self {
        case .account(let number): (number, nil)
        case .registration(let id): (nil, id)
        }
    }
}
