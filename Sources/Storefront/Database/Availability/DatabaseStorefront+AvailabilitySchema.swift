extension DatabaseStorefront {
    /// What the store's own orders take from what the ERP last said is there.
    static let availability = """
        ALTER TABLE store_stock ADD COLUMN known_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE store_customer ADD COLUMN known_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE store_order ADD COLUMN taken_revision INTEGER;
        ALTER TABLE store_order ADD COLUMN answered_at INTEGER;
        ALTER TABLE store_order ADD COLUMN owed_micro INTEGER;
        CREATE INDEX store_order_owed ON store_order (account) WHERE owed_micro IS NOT NULL;
        CREATE INDEX store_order_owed_since ON store_order (answered_at) WHERE owed_micro IS NOT NULL;
        ALTER TABLE store_order_line ADD COLUMN held_micro INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE store_taken_line (
            number TEXT NOT NULL, line_id TEXT NOT NULL, sku TEXT NOT NULL, warehouse TEXT NOT NULL,
            quantity_micro INTEGER NOT NULL, PRIMARY KEY (number, line_id, sku, warehouse)
        ) WITHOUT ROWID;
        CREATE TABLE store_demand (
            sku TEXT NOT NULL, warehouse TEXT NOT NULL, number TEXT NOT NULL, line_id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('unanswered', 'handover')), quantity_micro INTEGER NOT NULL,
            since INTEGER NOT NULL, PRIMARY KEY (sku, warehouse, number, line_id, kind)
        ) WITHOUT ROWID;
        CREATE INDEX store_demand_unanswered ON store_demand (number) WHERE kind = 'unanswered';
        CREATE INDEX store_demand_handover ON store_demand (warehouse, since) WHERE kind = 'handover';
        CREATE TABLE store_safety_buffer (
            warehouse TEXT PRIMARY KEY, quantity TEXT NOT NULL, quantity_micro INTEGER NOT NULL
        ) WITHOUT ROWID;
        \(views)
        """

    /// `total` is a float, which is exact for every sum that stock may have, and never overflows as `sum` does.
    private static let views = """
        CREATE VIEW store_availability AS
            SELECT sku, warehouse, unit, max(0, available_micro - demand_micro - buffer_micro) AS promise_micro,
                available_micro, demand_micro, buffer_micro, next_receipt_date, lead_time_days, known_at
            FROM (
                SELECT s.sku, s.warehouse, s.unit, s.available_micro, s.known_at,
                    CAST((SELECT total(d.quantity_micro) FROM store_demand AS d
                        WHERE d.sku = s.sku AND d.warehouse IN (s.warehouse, '')) AS INTEGER) AS demand_micro,
                    coalesce((SELECT b.quantity_micro FROM store_safety_buffer AS b WHERE b.warehouse = s.warehouse),
                        (SELECT b.quantity_micro FROM store_safety_buffer AS b WHERE b.warehouse = '*'), 0) AS buffer_micro,
                    coalesce(s.next_receipt_date, p.next_receipt_date) AS next_receipt_date,
                    coalesce(s.lead_time_days, p.lead_time_days) AS lead_time_days
                FROM store_stock AS s LEFT JOIN store_product AS p ON p.sku = s.sku);
        DROP VIEW store_purchase_order;
        CREATE VIEW store_purchase_order AS
            SELECT account, may_pay, CASE WHEN NOT active THEN 'account.inactive'
                    WHEN NOT purchase_order_allowed THEN 'purchase-order.not-allowed' ELSE hold_code END AS reason_code,
                CASE WHEN active AND purchase_order_allowed THEN hold_reason END AS reason,
                credit_left_micro - owed_micro AS credit_left_micro, owed_micro, currency, terms_code, terms, net_days
            FROM (
                SELECT c.*, c.active AND c.purchase_order_allowed AND c.hold_code IS NULL AS may_pay,
                    CAST((SELECT total(o.owed_micro) FROM store_order AS o INDEXED BY store_order_owed
                        WHERE o.account = c.account AND o.owed_micro IS NOT NULL AND o.currency = c.currency) AS INTEGER)
                        AS owed_micro
                FROM store_customer AS c);
        """

    /// What was shown before an order was placed cannot have what the ERP then held for it, whatever its clock said: `shown_at`
    /// is the fleet's own time, and so is `taken_at` where the store's clock is ahead of it. And what an order wants of a warehouse beyond what that has, the
    /// ERP may take from any other.
    static let causes = """
        ALTER TABLE store_stock ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE store_customer ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE store_order ADD COLUMN taken_at INTEGER;
        DROP VIEW store_availability;
        CREATE VIEW store_availability AS
            SELECT sku, warehouse, unit, max(0, available_micro - demand_micro - buffer_micro) AS promise_micro,
                available_micro, demand_micro, buffer_micro, next_receipt_date, lead_time_days, known_at
            FROM (
                SELECT s.sku, s.warehouse, s.unit, s.available_micro, s.known_at,
                    CAST((SELECT total(d.quantity_micro) FROM store_demand AS d
                        WHERE d.sku = s.sku AND d.warehouse IN (s.warehouse, ''))
                        + (SELECT total(max(0, min(e.unanswered, e.demand - coalesce((SELECT t.available_micro
                                FROM store_stock AS t WHERE t.sku = s.sku AND t.warehouse = e.warehouse), 0))))
                            FROM (SELECT d.warehouse, total(d.quantity_micro) AS demand,
                                    total(CASE WHEN d.kind = 'unanswered' THEN d.quantity_micro END) AS unanswered
                                FROM store_demand AS d WHERE d.sku = s.sku AND d.warehouse NOT IN (s.warehouse, '')
                                GROUP BY d.warehouse) AS e)
                        AS INTEGER) AS demand_micro,
                    coalesce((SELECT b.quantity_micro FROM store_safety_buffer AS b WHERE b.warehouse = s.warehouse),
                        (SELECT b.quantity_micro FROM store_safety_buffer AS b WHERE b.warehouse = '*'), 0) AS buffer_micro,
                    coalesce(s.next_receipt_date, p.next_receipt_date) AS next_receipt_date,
                    coalesce(s.lead_time_days, p.lead_time_days) AS lead_time_days
                FROM store_stock AS s LEFT JOIN store_product AS p ON p.sku = s.sku);
        """

    /// What is asked of all orders that the ERP has not answered, so that nobody goes through their wide rows for it. The
    /// revisions are in it though they are in its condition: without them SQLite looks each row up.
    static let waiting = """
        CREATE INDEX store_order_waiting ON store_order (taken_at, currency, total, taken_revision, answered_revision)
            WHERE origin = 'online' AND taken_revision > coalesce(answered_revision, 0);
        """
}
