public import Ledger

extension DatabaseStorefront {
    /// Brings the tables up to date; call once at start.
    public static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(
            component: "storefront", [LedgerMigration(number: 1, name: "order tables", script: schema)])
    }

    /// The tables a store reads, and what their columns mean. Decimals are exact texts, times RFC 3339 in UTC.
    ///
    /// - `store_order`: one row per order, online (keyed by the store's number) and offline (keyed by the ERP's).
    ///   Store and ERP may use the same number for different orders, so `origin` belongs to every key.
    ///   `state` is received, accepted, held, partially-shipped, shipped, cancelled or rejected.
    /// - `store_order_line`: what the ERP says of each line.
    /// - `store_order_history`: every state an order has been in.
    public static let schema = """
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
}
