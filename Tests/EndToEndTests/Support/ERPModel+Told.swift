import Models

extension ERPModel {
    /// Every object that the ERP itself counts the revisions of, as `product.v1 FST-0001`, with the newest one.
    var toldRevisions: [String: Int64] {
        var told = Self.told(Catalogue.product, products) { $0["sku"] }
        told += Self.told(Catalogue.stock, stock) { SubjectKey.joined($0["sku"] ?? "", $0["warehouse"] ?? "") }
        told += Self.told(Catalogue.customer, customers) { $0["account"] }
        told += Self.told(Catalogue.contractPrices, prices) { Self.subject(prices: $0) }
        told += Self.told(Catalogue.shipment, shipments) { $0["number"] }
        told += Self.told(Catalogue.orderOffline, orders.filter { $0.has("offline") }) { $0["erpNumber"] }
        return Dictionary(told) { max($0, $1) }
    }

    /// The state of each order that the store has placed, as `order.status.v1 W-1`: how often it was told of one is for
    /// the fleet to count.
    var toldStates: [String: String] {
        let placed = orders.filter { !$0.has("offline") }
        let states = placed.map { ("\(Catalogue.orderStatus) \($0["storeNumber"] ?? "-")", $0["state"] ?? "-") }
        return Dictionary(states) { "\($0) and \($1)" }
    }

    private static func told(
        _ type: MessageType, _ objects: [JSONNode], _ subject: (JSONNode) -> String?
    ) -> [(String, Int64)] {
        objects.map { ("\(type) \(subject($0) ?? "-")", $0.number("version") ?? 0) }
    }

    private static func subject(prices: JSONNode) -> String {
        let kind = prices.has("account") ? "account" : "price-list"
        let holder = prices["account"] ?? prices["priceList"] ?? ""
        let version = prices["priceVersion"] ?? ""
        guard let part = prices["part"] else { return SubjectKey.joined(kind, holder, version) }
        return SubjectKey.joined(kind, holder, version, part)
    }
}
