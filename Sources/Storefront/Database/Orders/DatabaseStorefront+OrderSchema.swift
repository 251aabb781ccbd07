extension DatabaseStorefront {
    /// The orders, their lines and their states.
    static let orderTables = """
        CREATE TABLE store_order (
            number TEXT NOT NULL, origin TEXT NOT NULL CHECK (origin IN ('online', 'offline')),
            erp_number TEXT, account TEXT, purchase_order_number TEXT, placed_at TEXT, currency TEXT, total TEXT,
            state TEXT NOT NULL, reason_code TEXT, reason TEXT,
            revision INTEGER NOT NULL, answered_revision INTEGER, changed_at TEXT NOT NULL,
            PRIMARY KEY (number, origin)
        ) WITHOUT ROWID;
        CREATE INDEX store_order_by_erp_number ON store_order (erp_number);
        CREATE INDEX store_order_by_account ON store_order (account, placed_at);
        CREATE TABLE store_order_line (
            number TEXT NOT NULL, origin TEXT NOT NULL, line_id TEXT NOT NULL, position INTEGER NOT NULL, sku TEXT NOT NULL,
            status TEXT NOT NULL, ordered TEXT NOT NULL, allocated TEXT NOT NULL, shipped TEXT NOT NULL,
            backordered TEXT NOT NULL, warehouse TEXT, promised_date TEXT, substitute_sku TEXT, reason_code TEXT,
            reason TEXT, PRIMARY KEY (number, origin, line_id)
        ) WITHOUT ROWID;
        CREATE TABLE store_order_history (
            number TEXT NOT NULL, origin TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL,
            state TEXT NOT NULL, reason TEXT, PRIMARY KEY (number, origin, revision)
        ) WITHOUT ROWID;
        """

    /// What an order keyed in the ERP says beyond its status: prices, sums and where the goods go.
    static let wholeOrders = """
        ALTER TABLE store_order ADD COLUMN goods TEXT;
        ALTER TABLE store_order ADD COLUMN discount TEXT;
        ALTER TABLE store_order ADD COLUMN shipping TEXT;
        ALTER TABLE store_order ADD COLUMN tax TEXT;
        ALTER TABLE store_order ADD COLUMN requested_date TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_company TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_name TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_street TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_city TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_region TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_postal_code TEXT;
        ALTER TABLE store_order ADD COLUMN ship_to_country TEXT;
        CREATE TABLE store_order_line_2 (
            number TEXT NOT NULL, origin TEXT NOT NULL, line_id TEXT NOT NULL, position INTEGER NOT NULL, sku TEXT NOT NULL,
            status TEXT, ordered TEXT NOT NULL, allocated TEXT, shipped TEXT, backordered TEXT, warehouse TEXT,
            promised_date TEXT, substitute_sku TEXT, reason_code TEXT, reason TEXT,
            unit TEXT, unit_price TEXT, amount TEXT, PRIMARY KEY (number, origin, line_id)
        ) WITHOUT ROWID;
        INSERT INTO store_order_line_2 (number, origin, line_id, position, sku, status, ordered, allocated, shipped,
            backordered, warehouse, promised_date, substitute_sku, reason_code, reason)
            SELECT number, origin, line_id, position, sku, status, ordered, allocated, shipped, backordered, warehouse,
                promised_date, substitute_sku, reason_code, reason FROM store_order_line;
        DROP TABLE store_order_line;
        ALTER TABLE store_order_line_2 RENAME TO store_order_line;
        """

    /// The rest of what an order keyed in the ERP says, and the stable code of every reason.
    static let orderDetails = """
        ALTER TABLE store_order ADD COLUMN contact_name TEXT;
        ALTER TABLE store_order ADD COLUMN contact_email TEXT;
        ALTER TABLE store_order ADD COLUMN contact_phone TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_company TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_name TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_street TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_city TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_region TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_postal_code TEXT;
        ALTER TABLE store_order ADD COLUMN bill_to_country TEXT;
        ALTER TABLE store_order ADD COLUMN shipping_method TEXT;
        ALTER TABLE store_order ADD COLUMN preferred_warehouse TEXT;
        ALTER TABLE store_order ADD COLUMN payment_method TEXT;
        ALTER TABLE store_order ADD COLUMN payment_reference TEXT;
        ALTER TABLE store_order_line ADD COLUMN price_version TEXT;
        ALTER TABLE store_order_history ADD COLUMN reason_code TEXT;
        """

    /// What became of an online order's estimates.
    static let settlements = """
        CREATE TABLE store_order_settlement (
            number TEXT NOT NULL, question TEXT NOT NULL CHECK (question IN ('price', 'shipping', 'tax')),
            basis TEXT NOT NULL, currency TEXT NOT NULL, quoted TEXT NOT NULL, settled TEXT NOT NULL,
            difference TEXT NOT NULL, PRIMARY KEY (number, question)
        ) WITHOUT ROWID;
        """
}
