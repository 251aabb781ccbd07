/// A kind of object that the store shows as the ERP decides, with every table that has a part of it.
package enum ShownKind: String, Hashable, Sendable, CaseIterable {
    case product, stock, customer, prices, shipment
    /// An order that the store took: of it the ERP decides where it stands.
    case onlineOrder = "online-order"
    /// An order keyed in the ERP, which decides all of it.
    case offlineOrder = "offline-order"

    /// The main table first; the others have rows that belong to its own.
    package var tables: [ShownTable] {
        switch self {
        case .product: Self.products
        case .stock: Self.stocks
        case .customer: Self.customers
        case .prices: Self.priceVersions
        case .shipment: Self.shipments
        case .onlineOrder: Self.onlineOrders
        case .offlineOrder: Self.offlineOrders
        }
    }

    /// Tables that are not compared, and why not.
    package static let excluded = [
        "store_order_history": "The states that the store has seen, of which the ERP only states the last.",
        "store_order_settlement": "Reckoned from the store's own estimates.",
        "store_taken_line": "What the store itself has sold.",
        "store_demand": "Reckoned from the store's own orders.",
        "store_safety_buffer": "A setting.",
        "store_carrier": "A setting.",
        "store_webhook_post": "What has yet to be posted.",
        "store_webhook_pause": "Whether the store wants posts.",
    ]

    private static let products = [
        ShownTable(
            "store_product", key: "sku",
            columns: """
                name description unit minimum_quantity quantity_step weight weight_unit gtin list_price currency
                tax_class lead_time_days next_receipt_date replacement_sku active
                """, excluded: ShownTable.bookkeeping),
        ShownTable("store_product_text", key: "sku", order: "language", columns: "language name description"),
        ShownTable("store_product_attribute", key: "sku", order: "name", columns: "name position value unit"),
        ShownTable("store_product_group", key: "sku", order: "product_group", columns: "product_group"),
    ]

    private static let stocks = [
        ShownTable(
            "store_stock", key: "sku warehouse",
            columns: "unit on_hand reserved available available_micro lead_time_days next_receipt_date",
            excluded: ShownTable.bookkeeping.merging(ShownTable.moments) { $1 }),
        ShownTable(
            "store_incoming", key: "sku warehouse", order: "date position", columns: "date position quantity"),
    ]

    private static let priceVersions = [
        ShownTable(
            "store_price_version", key: "holder_kind holder price_version part",
            columns: "currency valid_from valid_until", excluded: ShownTable.bookkeeping),
        ShownTable(
            "store_price", key: "holder_kind holder price_version part", order: "sku minimum_micro",
            columns: "sku minimum_micro minimum_quantity unit unit_price"),
    ]

    private static let shipments = [
        ShownTable(
            "store_shipment", key: "id",
            columns: "number origin warehouse state carrier service ship_date", excluded: ShownTable.bookkeeping),
        ShownTable(
            "store_shipment_line", key: "shipment", order: "position", columns: "position line_id sku quantity"),
        ShownTable("store_parcel", key: "shipment", order: "position", columns: "position tracking_number"),
    ]
}
