extension ShownKind {
    /// Of the store's own orders: where they stand.
    static let onlineOrders = [
        ShownTable(
            "store_order", key: "number", fixed: ["origin": "online"],
            columns: "erp_number state reason_code reason",
            excluded: ShownTable.bookkeeping
                .merging(ShownTable.excluding(ownWords, because: "What the store itself said of its order.")) { $1 }
                .merging(reckoned) { $1 }
                .merging(["answered_revision": "A refusal is an answer as well, and the ERP keeps nothing of it."]) {
                    $1
                }),
        ShownTable(
            "store_order_line", key: "number", fixed: ["origin": "online"], order: "line_id", columns: lineColumns,
            excluded: held),
    ]

    /// Of orders keyed in the ERP: all.
    static let offlineOrders = [
        ShownTable(
            "store_order", key: "number", fixed: ["origin": "offline"],
            columns: "erp_number state reason_code reason \(ownWords)", personal: personal,
            excluded: ShownTable.bookkeeping.merging(reckoned) { $1 }
                .merging(["answered_revision": "An order keyed in the ERP answers nothing."]) { $1 }),
        ShownTable(
            "store_order_line", key: "number", fixed: ["origin": "offline"], order: "line_id", columns: lineColumns,
            excluded: held),
    ]

    /// What an order says of itself, whoever took it.
    private static let ownWords = """
        account purchase_order_number placed_at currency total goods discount shipping tax requested_date
        shipping_method preferred_warehouse payment_method payment_reference \(personal)
        """

    private static let personal = """
        ship_to_company ship_to_name ship_to_street ship_to_city ship_to_region ship_to_postal_code ship_to_country
        bill_to_company bill_to_name bill_to_street bill_to_city bill_to_region bill_to_postal_code bill_to_country
        contact_name contact_email contact_phone
        """

    private static let lineColumns = """
        line_id position sku status ordered allocated shipped backordered warehouse promised_date substitute_sku
        reason_code reason unit unit_price amount price_version
        """

    private static let reckoned = ShownTable.excluding(
        "taken_revision answered_at owed_micro taken_at", because: "Reckons what the store's own orders still take.")

    private static let held = ["held_micro": "Reckoned from what is allocated and shipped."]

    /// What a refused change leaves in the store, and not in the ERP: the reason why, on the order and on its lines.
    static let refusal: Set<String> = [
        "store_order.reason_code", "store_order.reason", "store_order_line.status", "store_order_line.reason_code",
        "store_order_line.reason",
    ]
}
