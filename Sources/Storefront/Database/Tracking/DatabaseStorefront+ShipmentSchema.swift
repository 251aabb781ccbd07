extension DatabaseStorefront {
    /// What has left the warehouses, and where it can be followed.
    static let shipments = """
        CREATE TABLE store_shipment (
            id TEXT PRIMARY KEY, number TEXT NOT NULL, origin TEXT NOT NULL CHECK (origin IN ('online', 'offline')),
            warehouse TEXT NOT NULL, state TEXT NOT NULL, carrier TEXT, service TEXT, ship_date TEXT,
            revision INTEGER NOT NULL, changed_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX store_shipment_by_order ON store_shipment (number, origin, ship_date, id);
        CREATE TABLE store_shipment_line (
            shipment TEXT NOT NULL, position INTEGER NOT NULL, line_id TEXT NOT NULL, sku TEXT NOT NULL,
            quantity TEXT NOT NULL, PRIMARY KEY (shipment, position)
        ) WITHOUT ROWID;
        CREATE TABLE store_parcel (
            shipment TEXT NOT NULL, position INTEGER NOT NULL, tracking_number TEXT NOT NULL,
            PRIMARY KEY (shipment, position)
        ) WITHOUT ROWID;
        CREATE INDEX store_parcel_by_tracking_number ON store_parcel (tracking_number);
        CREATE TABLE store_carrier (carrier TEXT PRIMARY KEY, link_template TEXT NOT NULL) WITHOUT ROWID;
        CREATE VIEW store_tracking AS
            SELECT s.number, s.origin, s.id AS shipment, s.warehouse, s.state, s.ship_date, s.carrier, s.service,
                p.position, p.tracking_number,
                replace(c.link_template, '{number}', replace(replace(p.tracking_number, ' ', '%20'), '/', '%2F')) AS link
            FROM store_shipment AS s LEFT JOIN store_parcel AS p ON p.shipment = s.id
                LEFT JOIN store_carrier AS c ON c.carrier = s.carrier;
        """

    /// A view over `store_tracking` would go through all of it: SQLite makes no key search inside a view that is joined.
    static let orderTracking = """
        CREATE VIEW store_order_tracking AS
            SELECT o.account, o.number, o.origin, o.erp_number, o.purchase_order_number, o.placed_at, o.state, o.reason,
                o.currency, o.total, s.id AS shipment, s.state AS shipment_state, s.ship_date, s.carrier, s.service,
                p.position, p.tracking_number,
                replace(c.link_template, '{number}', replace(replace(p.tracking_number, ' ', '%20'), '/', '%2F')) AS link
            FROM store_order AS o
                LEFT JOIN store_shipment AS s ON s.number = o.number AND s.origin = o.origin
                LEFT JOIN store_parcel AS p ON p.shipment = s.id
                LEFT JOIN store_carrier AS c ON c.carrier = s.carrier;
        """
}
