// What is asked of the store's tables.
extension WhySQL {
    /// Which rows of the store's tables have this name.
    var storeNames: StaticString {
        switch self {
        case .storeOrders: "SELECT origin FROM store_order WHERE number = ?1"
        case .storeERPNumbers: "SELECT origin, number FROM store_order WHERE erp_number = ?1 LIMIT 20"
        case .storeProducts: "SELECT sku FROM store_product WHERE sku = ?1"
        case .storeBarcodes: "SELECT sku FROM store_product WHERE gtin = ?1 LIMIT 20"
        case .storeStocks: "SELECT sku FROM store_stock WHERE sku = ?1 LIMIT 1"
        case .storeAccounts: "SELECT account FROM store_customer WHERE account = ?1"
        case .storeEmails: "SELECT DISTINCT account FROM store_customer_contact WHERE email = ?1 LIMIT 20"
        case .storeShipments: "SELECT id FROM store_shipment WHERE id = ?1"
        default: "SELECT DISTINCT shipment FROM store_parcel WHERE tracking_number = ?1 LIMIT 20"
        }
    }

    /// What the store shows of one object.
    var storeRows: StaticString {
        switch self {
        case .order:
            """
            SELECT erp_number, account, purchase_order_number, placed_at, state, reason_code, reason, revision,
                taken_revision, answered_revision, changed_at, taken_at
            FROM store_order WHERE number = ?1 AND origin = ?2
            """
        case .backordered:
            """
            SELECT sku, backordered, promised_date FROM store_order_line
            WHERE number = ?1 AND origin = ?2 AND status IN ('backordered', 'partially-backordered')
            ORDER BY line_id LIMIT 6
            """
        case .refused:
            """
            SELECT 1 FROM store_order_line WHERE number = ?1 AND origin = ?2 AND status = 'too-late-to-amend' LIMIT 1
            """
        case .history:
            """
            SELECT at, state, reason FROM store_order_history WHERE number = ?1 AND origin = ?2
            ORDER BY revision DESC LIMIT 20
            """
        case .shipmentsOf:
            """
            SELECT id, number, origin, warehouse, state, carrier, ship_date, changed_at FROM store_shipment
            WHERE number = ?1 AND origin = ?2 ORDER BY ship_date, id LIMIT 20
            """
        case .parcels: "SELECT tracking_number FROM store_parcel WHERE shipment = ?1 ORDER BY position LIMIT 6"
        case .product:
            """
            SELECT name, active, replacement_sku, list_price, currency, revision, changed_at FROM store_product
            WHERE sku = ?1
            """
        case .stock:
            """
            SELECT warehouse, available, unit, next_receipt_date, revision, shown_at FROM store_stock WHERE sku = ?1
            ORDER BY warehouse LIMIT 20
            """
        case .account:
            """
            SELECT name, terms_code, purchase_order_allowed, hold_code, hold_reason, active, revision, changed_at
            FROM store_customer WHERE account = ?1
            """
        default:
            """
            SELECT id, number, origin, warehouse, state, carrier, ship_date, changed_at FROM store_shipment
            WHERE id = ?1
            """
        }
    }
}
