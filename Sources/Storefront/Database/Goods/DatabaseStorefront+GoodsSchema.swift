extension DatabaseStorefront {
    /// The catalogue, and what the warehouses have.
    static let goods = """
        CREATE TABLE store_product (
            sku TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, unit TEXT NOT NULL, minimum_quantity TEXT,
            quantity_step TEXT, weight TEXT, weight_unit TEXT, gtin TEXT, list_price TEXT, currency TEXT, tax_class TEXT,
            lead_time_days INTEGER, next_receipt_date TEXT, replacement_sku TEXT, active INTEGER NOT NULL,
            revision INTEGER NOT NULL, changed_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX store_product_by_gtin ON store_product (gtin);
        CREATE TABLE store_product_text (
            sku TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL, description TEXT, PRIMARY KEY (sku, language)
        ) WITHOUT ROWID;
        CREATE TABLE store_product_attribute (
            sku TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL, unit TEXT,
            PRIMARY KEY (sku, name)
        ) WITHOUT ROWID;
        CREATE TABLE store_product_group (
            sku TEXT NOT NULL, product_group TEXT NOT NULL, PRIMARY KEY (sku, product_group)
        ) WITHOUT ROWID;
        CREATE INDEX store_product_group_by_group ON store_product_group (product_group, sku);
        CREATE TABLE store_stock (
            sku TEXT NOT NULL, warehouse TEXT NOT NULL, unit TEXT NOT NULL, on_hand TEXT NOT NULL, reserved TEXT NOT NULL,
            available TEXT NOT NULL, available_micro INTEGER NOT NULL, lead_time_days INTEGER, next_receipt_date TEXT,
            revision INTEGER NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (sku, warehouse)
        ) WITHOUT ROWID;
        CREATE TABLE store_incoming (
            sku TEXT NOT NULL, warehouse TEXT NOT NULL, date TEXT NOT NULL, position INTEGER NOT NULL,
            quantity TEXT NOT NULL, PRIMARY KEY (sku, warehouse, date, position)
        ) WITHOUT ROWID;
        """
}
