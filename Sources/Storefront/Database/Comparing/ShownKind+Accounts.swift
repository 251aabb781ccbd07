extension ShownKind {
    /// Accounts, and what belongs to them.
    static let customers = [
        ShownTable(
            "store_customer", key: "account",
            columns: """
                name tax_id currency terms_code terms net_days purchase_order_allowed credit_limit credit_used
                credit_left credit_left_micro hold_code hold_reason sees_everything active \(billTo)
                """, personal: "name tax_id hold_reason \(billTo)",
            excluded: ShownTable.bookkeeping.merging(ShownTable.moments) { $1 }),
        ShownTable(
            "store_customer_ship_to", key: "account", order: "id",
            columns: "id position company name street city region postal_code country",
            personal: "id company name street city region postal_code country"),
        ShownTable(
            "store_customer_contact", key: "account", order: "position", columns: "position name email phone",
            personal: "name email phone"),
        ShownTable(
            "store_customer_price_list", key: "account", order: "position", columns: "position price_list"),
        ShownTable("store_customer_group", key: "account", order: "product_group", columns: "product_group"),
        ShownTable("store_customer_sku", key: "account", order: "sku", columns: "sku excluded"),
    ]

    private static let billTo = """
        bill_to_company bill_to_name bill_to_street bill_to_city bill_to_region bill_to_postal_code bill_to_country
        """
}
