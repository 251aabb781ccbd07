/// What the store should show and answer, made of the JSON that the ERP itself serves and of nothing that travelled:
/// no code of the fleet reads it, and each rule of the store's tables is written here once more, as plainly as can be.
struct ERPModel: Sendable {
    let products: [JSONNode]
    let stock: [JSONNode]
    let prices: [JSONNode]
    let customers: [JSONNode]
    let shipments: [JSONNode]
    let orders: [JSONNode]
    let store: StoreSide

    /// Asks the ERP for everything.
    static func read(_ simulator: SimulatorProcess, _ store: StoreSide = StoreSide()) async throws -> ERPModel {
        let pages = try ERPPages(of: simulator)
        var stock: [JSONNode] = []
        for warehouse in try await pages.warehouses() {
            stock += try await pages.newest("stock", by: ["sku", "warehouse"], filter: "&warehouse=\(warehouse)")
        }
        return ERPModel(
            products: try await pages.newest("products", by: ["sku"]),
            stock: stock,
            prices: try await pages.newest("prices", by: ["account", "priceList", "priceVersion", "part"]),
            customers: try await pages.newest("customers", by: ["account"]),
            shipments: try await pages.newest("shipments", by: ["number"]),
            orders: try await pages.newest("orders", by: ["erpNumber"]),
            store: store)
    }

    /// A line for each row of the tables of ``ShownTable/all``.
    var rows: Set<String> { Set(goodsRows + accountRows + orderRows + shipmentRows) }

    /// A line for each row of the views of ``ShownTable/answers`` once nothing is on its way.
    var answerRows: Set<String> { Set(availabilityRows + purchaseOrderRows) }

    /// The states that any order is in.
    var states: Set<String> { Set(orders.compactMap { $0["state"] }) }

    var offlineCount: Int { orders.filter { $0.has("offline") }.count }

    /// Whole pieces in millionths.
    static func micro(_ pieces: Int64) -> String { String(pieces * 1_000_000) }

    /// The columns of an address.
    static func address(_ place: JSONNode, _ prefix: String = "") -> [String: String?] {
        let lines = place.texts("street")
        let street: String? = lines.isEmpty ? nil : lines.joined(separator: "\n")
        return [
            "\(prefix)company": place["company"], "\(prefix)name": place["name"], "\(prefix)street": street,
            "\(prefix)city": place["city"], "\(prefix)region": place["region"],
            "\(prefix)postal_code": place["postalCode"], "\(prefix)country": place["country"],
        ]
    }
}
