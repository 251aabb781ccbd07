/// An account as the simulated ERP keeps it; stored and told in this shape.
struct CustomerDocument: Codable, Hashable {
    struct ShipTo: Codable, Hashable {
        var id: String
        var address: IncomingOrder.Place
    }

    struct Terms: Codable, Hashable {
        var code: String
        var text: String
        var netDays: Int64
    }

    struct Assortment: Codable, Hashable {
        var groups: [String]
        var skus: [String]
        var excludedSkus: [String]
    }

    var account: String
    var name: String
    var taxId: String?
    var billTo: IncomingOrder.Place?
    var shipTos: [ShipTo]
    var contacts: [IncomingOrder.Contact]
    var currency: String
    var terms: Terms?
    var purchaseOrderAllowed: Bool
    var creditLimit: String?
    var creditUsed: String
    var hold: StandingOrder.Reason?
    var priceLists: [String]
    var assortment: Assortment?
    var active: Bool
}
