public import Ledger

extension DatabaseStorefront {
    /// Brings the tables up to date; call once at start.
    public static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(
            component: "storefront",
            [
                LedgerMigration(number: 1, name: "order tables", script: orderTables),
                LedgerMigration(number: 2, name: "whole orders", script: wholeOrders),
                LedgerMigration(number: 3, name: "contact, invoice address, payment, reasons", script: orderDetails),
                LedgerMigration(number: 4, name: "products and stock", script: goods),
                LedgerMigration(number: 5, name: "shipments", script: shipments),
                LedgerMigration(number: 6, name: "accounts and prices", script: accounts),
                LedgerMigration(number: 7, name: "availability", script: availability),
                LedgerMigration(number: 8, name: "what was shown before an order", script: causes),
                LedgerMigration(number: 9, name: "orders with their shipments", script: orderTracking),
                LedgerMigration(number: 10, name: "settled estimates", script: settlements),
                LedgerMigration(number: 11, name: "an index of orders that wait", script: waiting),
            ])
    }

    /// The tables a store reads, and what their columns mean. Decimals are exact texts, times RFC 3339 in UTC.
    ///
    /// - `store_order`: one row per order, online (keyed by the store's number) and offline (keyed by the ERP's).
    ///   Store and ERP may use the same number for different orders, so `origin` belongs to every key.
    ///   `state` is received, accepted, held, partially-shipped, shipped, cancelled or rejected.
    /// - `store_order_line`: what was ordered, and what the ERP says of it. An offline order's line that the ERP says
    ///   nothing of has neither status nor quantities but `ordered`; an online order's prices are the store's own.
    /// - `store_order_settlement`: what the ERP charges for the figures that an online order had estimated. `difference` is
    ///   `settled` less `quoted`.
    /// - `store_order_history`: every state an order has been in.
    /// - `store_product`, with `store_product_text`, `store_product_attribute` and `store_product_group`: the catalogue.
    ///   A product that is not `active` is not sold any more.
    /// - `store_stock`, with `store_incoming`: one row per SKU and warehouse. `available` is what the ERP has left to sell,
    ///   never below zero; `available_micro` is the same in millionths, to compare and to add. `next_receipt_date` is the
    ///   earliest of `store_incoming`. A row may be there before its product is.
    /// - `store_shipment`, with `store_shipment_line`, `store_parcel` and the view `store_tracking`: what is on its way.
    ///   `store_order_tracking`: an account's orders with it.
    /// - `store_customer` and what begins with its name: the accounts. `store_price_version` and `store_price`: their prices.
    /// - `store_taken_line`, `store_demand`, `store_safety_buffer` and the view `store_availability`: what may be promised.
    /// - `store_assortment`, `store_account_price`, `store_purchase_order`: views that answer what a store asks of an account.
    public static let schema = [
        orderTables, wholeOrders, orderDetails, goods, shipments, accounts, availability, causes, orderTracking,
        settlements, waiting,
    ].joined(separator: "\n")
}
