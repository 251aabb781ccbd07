extension DatabaseStorefront {
    /// The accounts, what they may see, and what they pay.
    static let accounts = """
        CREATE TABLE store_customer (
            account TEXT PRIMARY KEY, name TEXT NOT NULL, tax_id TEXT, currency TEXT NOT NULL, terms_code TEXT,
            terms TEXT, net_days INTEGER, purchase_order_allowed INTEGER NOT NULL, credit_limit TEXT,
            credit_used TEXT NOT NULL, credit_left TEXT, credit_left_micro INTEGER, hold_code TEXT, hold_reason TEXT,
            sees_everything INTEGER NOT NULL, active INTEGER NOT NULL, bill_to_company TEXT, bill_to_name TEXT,
            bill_to_street TEXT, bill_to_city TEXT, bill_to_region TEXT, bill_to_postal_code TEXT, bill_to_country TEXT,
            revision INTEGER NOT NULL, changed_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE store_customer_ship_to (
            account TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, company TEXT, name TEXT NOT NULL,
            street TEXT NOT NULL, city TEXT NOT NULL, region TEXT, postal_code TEXT, country TEXT NOT NULL,
            PRIMARY KEY (account, id)
        ) WITHOUT ROWID;
        CREATE TABLE store_customer_contact (
            account TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT,
            PRIMARY KEY (account, position)
        ) WITHOUT ROWID;
        CREATE INDEX store_customer_contact_by_email ON store_customer_contact (email);
        CREATE TABLE store_customer_price_list (
            account TEXT NOT NULL, position INTEGER NOT NULL, price_list TEXT NOT NULL, PRIMARY KEY (account, position)
        ) WITHOUT ROWID;
        CREATE TABLE store_customer_group (
            account TEXT NOT NULL, product_group TEXT NOT NULL, PRIMARY KEY (account, product_group)
        ) WITHOUT ROWID;
        CREATE TABLE store_customer_sku (
            account TEXT NOT NULL, sku TEXT NOT NULL, excluded INTEGER NOT NULL, PRIMARY KEY (account, sku)
        ) WITHOUT ROWID;
        CREATE TABLE store_price_version (
            holder_kind TEXT NOT NULL CHECK (holder_kind IN ('account', 'price-list')), holder TEXT NOT NULL,
            price_version TEXT NOT NULL, part TEXT NOT NULL, currency TEXT NOT NULL, valid_from TEXT NOT NULL,
            valid_until TEXT NOT NULL, revision INTEGER NOT NULL, changed_at TEXT NOT NULL,
            PRIMARY KEY (holder_kind, holder, price_version, part)
        ) WITHOUT ROWID;
        CREATE TABLE store_price (
            holder_kind TEXT NOT NULL, holder TEXT NOT NULL, sku TEXT NOT NULL, price_version TEXT NOT NULL,
            part TEXT NOT NULL, minimum_micro INTEGER NOT NULL, minimum_quantity TEXT NOT NULL, unit TEXT NOT NULL,
            unit_price TEXT NOT NULL, PRIMARY KEY (holder_kind, holder, sku, price_version, part, minimum_micro)
        ) WITHOUT ROWID;
        CREATE INDEX store_price_by_version ON store_price (holder_kind, holder, price_version, part);
        \(views)
        """

    /// What a store asks of an account: what it may see and buy, at what price, and whether it may pay later.
    ///
    /// CROSS JOIN is SQLite's way to say which table comes first: without statistics it would go through all prices of all
    /// lists to find an account's.
    private static let views = """
        CREATE VIEW store_assortment AS
            SELECT account, sku, name, may_see, may_see AND account_active AS may_buy FROM (
                SELECT c.account, p.sku, p.name, c.active AS account_active, p.active AND NOT EXISTS (
                        SELECT 1 FROM store_customer_sku AS x
                        WHERE x.account = c.account AND x.sku = p.sku AND x.excluded
                    ) AND (
                        c.sees_everything OR EXISTS (
                            SELECT 1 FROM store_customer_sku AS x
                            WHERE x.account = c.account AND x.sku = p.sku AND NOT x.excluded
                        ) OR EXISTS (
                            SELECT 1 FROM store_product_group AS g JOIN store_customer_group AS x
                                ON x.account = c.account AND x.product_group = g.product_group
                            WHERE g.sku = p.sku
                        )
                    ) AS may_see
                FROM store_customer AS c CROSS JOIN store_product AS p);
        CREATE VIEW store_account_price AS
            SELECT c.account, p.sku, 0 AS rank, 'account' AS source, v.price_version, v.valid_from, v.valid_until,
                p.minimum_micro, p.minimum_quantity, p.unit, p.unit_price, v.currency
            FROM store_customer AS c
                CROSS JOIN store_price AS p ON p.holder_kind = 'account' AND p.holder = c.account
                CROSS JOIN store_price_version AS v USING (holder_kind, holder, price_version, part)
            WHERE v.currency = c.currency
            UNION ALL
            SELECT c.account, p.sku, 1 + l.position, 'price-list', v.price_version, v.valid_from, v.valid_until,
                p.minimum_micro, p.minimum_quantity, p.unit, p.unit_price, v.currency
            FROM store_customer AS c
                CROSS JOIN store_customer_price_list AS l USING (account)
                CROSS JOIN store_price AS p ON p.holder_kind = 'price-list' AND p.holder = l.price_list
                CROSS JOIN store_price_version AS v USING (holder_kind, holder, price_version, part)
            WHERE v.currency = c.currency
            UNION ALL
            SELECT c.account, p.sku, 1000, 'list-price', NULL, '0001-01-01', '9999-12-31', 0, '0', p.unit, p.list_price,
                p.currency
            FROM store_customer AS c CROSS JOIN store_product AS p ON p.currency = c.currency
            WHERE p.list_price IS NOT NULL;
        CREATE VIEW store_purchase_order AS
            SELECT account, may_pay, CASE WHEN NOT active THEN 'account.inactive'
                    WHEN NOT purchase_order_allowed THEN 'purchase-order.not-allowed' ELSE hold_code END AS reason_code,
                hold_reason AS reason, credit_left, credit_left_micro, currency, terms_code, terms, net_days
            FROM (SELECT *, active AND purchase_order_allowed AND hold_code IS NULL AS may_pay FROM store_customer);
        """
}
