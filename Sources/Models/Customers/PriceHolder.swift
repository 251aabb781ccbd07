/// Whose prices they are.
public enum PriceHolder: Hashable, Sendable {
    /// Agreed with one account.
    case account(String)
    /// A list that accounts name (``Customer/priceLists``).
    case priceList(String)

    /// `account` or `price-list`.
    public var kind: String {
        switch self {
        case .account: "account"
        case .priceList: "price-list"
        }
    }

    /// The account's or the list's key.
    public var key: String {
        switch self {
        case .account(let key), .priceList(let key): key
        }
    }

    static var blank: PriceHolder { .account("") }

    /// The members that say it, in the object that has the prices.
    mutating func visitMembers(_ fields: inout some FieldVisitor) {
        var (account, priceList) = parts
        fields.field("account", &account, .key, "The account that they were agreed with.")
        fields.field("priceList", &priceList, .key, "The price list they belong to.")
        fields.oneOf("account", account, "priceList", priceList, "or priceList must be there, and not both")
        if let account { self = .account(account) }
        if let priceList { self = .priceList(priceList) }
    }

    private var parts: (account: String?, priceList: String?) {
        switch self {
        case .account(let key): (key, nil)
        case .priceList(let key): (nil, key)
        }
    }
}
