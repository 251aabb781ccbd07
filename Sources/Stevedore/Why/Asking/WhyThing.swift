internal import Models

/// What somebody may ask about: one object of which messages tell.
enum WhyThing: Hashable, Sendable {
    /// An order of the store, by the store's number.
    case order(String)
    /// An order keyed in the ERP, by the ERP's number.
    case offlineOrder(String)
    case product(String)
    case account(String)
    case shipment(String)
    /// A version of prices, or a part of one, by its subject.
    case prices(String)

    /// What the messages of a family tell of; a stock's is its product.
    init?(family: String, subject: String) {
        switch String(family.prefix { $0 != "@" }) {
        case Catalogue.orderPlaced.family, Catalogue.orderStatus.family: self = .order(subject)
        case Catalogue.orderOffline.family: self = .offlineOrder(subject)
        case Catalogue.product.family: self = .product(subject)
        case Catalogue.stock.family: self = .product(Self.keys(of: subject)[0])
        case Catalogue.customer.family: self = .account(subject)
        case Catalogue.shipment.family: self = .shipment(subject)
        case Catalogue.contractPrices.family: self = .prices(subject)
        default: return nil
        }
    }

    /// What messages of a type tell of.
    init?(type: String, subject: String) {
        guard let type = Catalogue.type(named: type) else { return nil }
        self.init(family: type.family, subject: subject)
    }

    /// What a stream of the ERP's changes tells of; it has the ERP's numbers of orders.
    init?(stream: String, key: String) {
        switch String(stream.prefix { $0 != "/" }) {
        case "orders": self = .offlineOrder(key)
        case "products": self = .product(key)
        case "stock": self = .product(Self.keys(of: key)[0])
        case "customers": self = .account(key)
        case "shipments": self = .shipment(key)
        case "prices": self = .prices(key)
        default: return nil
        }
    }

    /// `the stock of product BOLT-8 in EAST`, of a stock's subject.
    static func stockName(_ subject: String) -> String {
        let warehouse = warehouse(ofStock: subject)
        return "the stock of product \(keys(of: subject)[0])" + (warehouse.isEmpty ? "" : " in \(warehouse)")
    }

    /// The warehouse of a stock's subject; empty where it names none.
    static func warehouse(ofStock subject: String) -> String { keys(of: subject).dropFirst().first ?? "" }

    /// The keys that ``SubjectKey`` has joined; there is always one.
    private static func keys(of subject: String) -> [String] {
        subject.split(separator: "/", omittingEmptySubsequences: false).map(Self.key)
    }

    private static func key(_ escaped: Substring) -> String {
        var (key, isEscape) = ("", false)
        for character in escaped {
            switch (isEscape, character) {
            case (false, "~"): isEscape = true
            case (true, _):
                key.append(character == "1" ? "/" : "~")
                isEscape = false
            default: key.append(character)
            }
        }
        return key
    }

    /// Its business key.
    var subject: String {
        switch self {
        case .order(let key), .offlineOrder(let key), .product(let key), .account(let key), .shipment(let key),
            .prices(let key):
            key
        }
    }

    /// For programs.
    var kind: String {
        switch self {
        case .order: "order"
        case .offlineOrder: "offline-order"
        case .product: "product"
        case .account: "account"
        case .shipment: "shipment"
        case .prices: "prices"
        }
    }

    /// In a sentence: `order W-1001`.
    var name: String {
        switch self {
        case .order, .offlineOrder: "order \(subject)"
        case .product: "product \(subject)"
        case .account: "account \(subject)"
        case .shipment: "shipment \(subject)"
        case .prices: "the prices \(subject)"
        }
    }

    /// The kinds of messages that tell of it under its own name, each with a road of its own.
    var types: [[MessageType]] {
        switch self {
        case .order:
            [[Catalogue.orderPlaced, Catalogue.orderAmended, Catalogue.orderCancelled], [Catalogue.orderStatus]]
        case .offlineOrder: [[Catalogue.orderOffline]]
        case .product: [[Catalogue.product]]
        case .account: [[Catalogue.customer]]
        case .shipment: [[Catalogue.shipment]]
        case .prices: [[Catalogue.contractPrices]]
        }
    }

    /// The feed's stream that tells of its changes in the ERP.
    var stream: String {
        switch self {
        case .order, .offlineOrder: "orders"
        case .product: "products"
        case .account: "customers"
        case .shipment: "shipments"
        case .prices: "prices"
        }
    }

    /// As the store's tables say where an order comes from.
    var origin: String {
        if case .offlineOrder = self { "offline" } else { "online" }
    }
}
