/// What happens in the company on a day.
enum ActivityKind: String, CaseIterable, Codable, Sendable {
    case stockMovement = "stock-movement"
    case receipt
    case purchase
    case listPrice = "list-price"
    case contractPrice = "contract-price"
    case newProduct = "new-product"
    case productText = "product-text"
    case account
    case hold
    case shipping
    case delivery
    case offlineOrder = "offline-order"
    case promise

    /// How many of a hundred.
    private var share: Int64 {
        switch self {
        case .stockMovement: 52
        case .receipt: 8
        case .purchase: 6
        case .listPrice: 5
        case .contractPrice: 4
        case .newProduct: 1
        case .productText: 2
        case .account: 4
        case .hold: 1
        case .shipping: 7
        case .delivery: 3
        case .offlineOrder: 4
        case .promise: 3
        }
    }

    static func draw(_ random: inout SeededRandom) -> ActivityKind {
        var place = random.draw(0...99)
        for kind in allCases {
            guard place >= kind.share else { return kind }
            place -= kind.share
        }
        return .stockMovement
    }
}
