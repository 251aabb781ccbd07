import Ledger

/// What the store shows, a line for each row.
enum ShownRows {
    static func read(_ snapshot: LedgerSnapshot, _ tables: [ShownTable]) throws -> Set<String> {
        var rows: Set<String> = []
        for table in tables { rows.formUnion(try table.rows(snapshot)) }
        return rows
    }

    /// Every row of every table with all it has: what a copy must not change, though the ERP does not decide it.
    static func complete(_ snapshot: LedgerSnapshot) throws -> Set<String> {
        let names = try snapshot.query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'store_*'"
        ) { $0.text(0) }
        return try read(snapshot, names.map { ShownTable(name: $0, key: []) })
    }
}

extension ShownTable {
    static let product = ShownTable(name: "store_product", key: ["sku"])
    static let productText = ShownTable(name: "store_product_text", key: ["sku", "language"])
    static let productAttribute = ShownTable(name: "store_product_attribute", key: ["sku", "name"])
    static let productGroup = ShownTable(name: "store_product_group", key: ["sku", "product_group"])
    // When the fleet came to know of it is its own affair.
    static let stock = ShownTable(
        name: "store_stock", key: ["sku", "warehouse"], omitted: ["known_at", "shown_at"])
    static let incoming = ShownTable(name: "store_incoming", key: ["sku", "warehouse", "date", "position"])

    static let customer = ShownTable(name: "store_customer", key: ["account"], omitted: ["known_at", "shown_at"])
    static let shipTo = ShownTable(name: "store_customer_ship_to", key: ["account", "id"])
    static let contact = ShownTable(name: "store_customer_contact", key: ["account", "position"])
    static let customerPriceList = ShownTable(name: "store_customer_price_list", key: ["account", "position"])
    static let customerGroup = ShownTable(name: "store_customer_group", key: ["account", "product_group"])
    static let customerSKU = ShownTable(name: "store_customer_sku", key: ["account", "sku"])
    static let priceVersion = ShownTable(
        name: "store_price_version", key: ["holder_kind", "holder", "price_version", "part"])
    static let price = ShownTable(
        name: "store_price", key: ["holder_kind", "holder", "sku", "price_version", "part", "minimum_micro"])

    /// Most of an online order's row is what the store itself has said.
    static let onlineOrder = ShownTable(
        name: "store_order", key: ["number", "origin"],
        chosen: [
            "number", "origin", "erp_number", "account", "purchase_order_number", "state", "reason_code", "reason",
            "answered_revision", "taken_revision", "changed_at",
        ], condition: "origin = 'online'")
    static let offlineOrder = ShownTable(
        name: "store_order", key: ["number", "origin"],
        omitted: ["answered_revision", "taken_revision", "answered_at", "taken_at", "owed_micro"],
        condition: "origin = 'offline'")
    static let orderLine = ShownTable(name: "store_order_line", key: ["number", "origin", "line_id"])
    static let shipment = ShownTable(name: "store_shipment", key: ["id"])
    static let shipmentLine = ShownTable(name: "store_shipment_line", key: ["shipment", "position"])
    static let parcel = ShownTable(name: "store_parcel", key: ["shipment", "position"])

    static let availability = ShownTable(
        name: "store_availability", key: ["sku", "warehouse"], omitted: ["known_at"])
    static let purchaseOrder = ShownTable(name: "store_purchase_order", key: ["account"])
    static let assortment = ShownTable(name: "store_assortment", key: ["account", "sku"])

    /// Every table whose rows the ERP decides.
    static let all = [
        product, productText, productAttribute, productGroup, stock, incoming, customer, shipTo, contact,
        customerPriceList, customerGroup, customerSKU, priceVersion, price, onlineOrder, offlineOrder, orderLine,
        shipment, shipmentLine, parcel,
    ]

    /// What a store asks, where the answer is a row for each thing that may be asked for.
    static let answers = [availability, purchaseOrder]

    /// The rows of these products alone.
    func narrowed(to skus: [String]) -> ShownTable {
        var table = self
        let texts = skus.map { "'\($0)'" }
        table.condition = "sku IN (\(texts.joined(separator: ", ")))"
        return table
    }
}
