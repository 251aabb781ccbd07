import ERP
import Models
import Testing

/// What an ERP has, one of each kind.
enum ReconcileGoods {
    static func all() throws -> [ERPChange] {
        var all = try (1...5).map { ERPChange.product(try product("P-\($0)")) }
        all += [try stock("P-1", "EAST"), try stock("P-1", "WEST"), try customer("C-1"), try customer("C-2")]
        all += [try prices("Q1"), try prices("Q2"), .order(try erpOrder("W-1")), .order(try erpOrder("W-2"))]
        return all + [try offlineOrder("SO-9"), try shipment("SH-1", of: "W-1"), try shipment("SH-2", of: "W-2")]
    }

    static func product(_ sku: String, price: String = "1.20", revision: Int64 = 1) throws -> Product {
        Product(
            sku: sku, revision: revision, name: "Bolt \(sku)", groups: ["bolts"], unit: .one,
            listPrice: Price(amount: try decimal(price), currency: .usd), isActive: true)
    }

    static func stock(_ sku: String, _ warehouse: String) throws -> ERPChange {
        .stock(
            Stock(
                sku: sku, warehouse: warehouse, revision: 1, unit: .one, onHand: try decimal("7"), reserved: .zero))
    }

    static func customer(_ account: String) throws -> ERPChange {
        .customer(
            Customer(
                account: account, revision: 1, name: "Northwind \(account)",
                contacts: [Contact(name: "Ana Ruiz", email: "ana@example.com")], currency: .usd,
                isPurchaseOrderAllowed: true, creditUsed: .zero, isActive: true))
    }

    static func prices(_ version: String) throws -> ERPChange {
        .prices(
            ContractPrices(
                holder: .priceList("WEST"), priceVersion: version, revision: 1, currency: .usd,
                validFrom: try #require(CalendarDate("2026-01-01")),
                prices: [ContractPrice(sku: "P-1", unit: .one, unitPrice: try decimal("0.90"))]))
    }

    static func shipment(_ id: String, of order: String) throws -> ERPChange {
        .shipment(
            Shipment(
                id: id, revision: 1, order: .online(order), warehouse: "EAST", state: .shipped,
                trackingNumbers: ["1Z\(id)"],
                lines: [ShipmentLine(lineID: "1", sku: "P-1", quantity: try decimal("2"))]))
    }

    static func erpOrder(_ number: String, version: Int64 = 3) throws -> ERPOrder {
        let quantities = LineStatus.Quantities(
            ordered: try decimal("2"), allocated: try decimal("2"), shipped: .zero, backordered: .zero)
        return ERPOrder(
            erpNumber: "E-\(number)", storeNumber: number, storeRevision: 1, version: version, state: .accepted,
            lines: [LineStatus(lineID: "1", sku: "P-1", status: .accepted, quantities: quantities)])
    }

    static func offlineOrder(_ number: String) throws -> ERPChange {
        let example = try #require(Catalogue.examples(for: Catalogue.orderOffline).first)
        let payload = try MessageReader().read(Array(example.text.utf8)).payload
        var order = try #require(payload as? OfflineOrder)
        (order.number, order.revision) = (number, 1)
        return .offlineOrder(order)
    }

    static func order(_ number: String) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        let payload = try MessageReader().read(Array(example.text.utf8)).payload
        var order = try #require(payload as? Order)
        (order.number, order.revision) = (number, 1)
        return order
    }

    private static func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
}
