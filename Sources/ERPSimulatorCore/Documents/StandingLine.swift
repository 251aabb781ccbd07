/// One line as it stands in the simulated ERP.
struct StandingLine: Codable, Hashable {
    enum Status: String, Codable {
        case accepted
        case acceptedWithChanges = "accepted-with-changes"
        case backordered
        case partiallyBackordered = "partially-backordered"
        case substituted
        case onHold = "on-hold"
        case cancelled
    }

    struct Quantities: Codable, Hashable {
        var ordered: Quantity
        var allocated: Quantity
        var shipped: Quantity
        var backordered: Quantity
    }

    var lineId: String
    var sku: String
    var status: Status
    var quantities: Quantities
    var warehouse: String?
    var promisedDate: String?
    var substituteSku: String?
    var reason: StandingOrder.Reason?
}
