import ERP
import HTTPClient
import Ledger
import Models

/// What the store should show: a plain list of lines made of what the ERP itself says of each object, and of nothing that
/// has travelled. The same lines are made of the store's tables.
struct ERPModel {
    private(set) var lines: Set<String> = []

    /// Asks the ERP for everything.
    static func read(_ erp: any ERP) async throws -> ERPModel {
        var model = ERPModel()
        for warehouse in try await erp.warehouses() { try await model.read(erp, .stock, warehouse) }
        for kind in ERPChangeKind.allCases where kind != .stock { try await model.read(erp, kind, nil) }
        return model
    }

    private mutating func read(_ erp: any ERP, _ kind: ERPChangeKind, _ warehouse: String?) async throws {
        var newest: [String: ERPChange] = [:]
        var cursor: String?
        while true {
            let page = try await erp.changes(of: kind, in: warehouse, since: cursor, limit: 1_000)
            guard page.unreadable.isEmpty else { throw RigError.unexpectedAnswer("\(page.unreadable)") }
            for change in page.changes { newest[change.what.family + change.what.subject] = change.what }
            cursor = page.cursor
            guard page.hasMore else { break }
        }
        for change in newest.values { lines.formUnion(Self.lines(change)) }
    }

    private static func lines(_ change: ERPChange) -> [String] {
        switch change {
        case .product(let product):
            ["product \(product.sku) \(product.name) \(text(product.listPrice?.amount)) \(product.isActive ? 1 : 0)"]
        case .stock(let stock):
            ["stock \(stock.sku) \(stock.warehouse) \(stock.onHand) \(stock.reserved)"]
        case .customer(let customer):
            ["customer \(customer.account) \(customer.name) \(customer.creditUsed) \(customer.hold?.code ?? "-")"]
        case .prices(let prices):
            prices.prices.map { price in
                "price \(prices.subject) \(price.sku) \(text(price.minimumQuantity)) \(price.unitPrice)"
            }
        case .shipment(let shipment):
            [
                "shipment \(shipment.id) \(shipment.order.number) \(shipment.state.rawValue) \(shipment.trackingNumbers.count)"
            ]
        case .order(let order): orderLines(order.storeNumber, order.state, order.lines)
        case .offlineOrder(let order): orderLines(order.number, order.state, order.lineStatuses)
        }
    }

    private static func orderLines(_ number: String, _ state: OrderStatus.State, _ lines: [LineStatus]) -> [String] {
        ["order \(number) \(state.rawValue)"]
            + lines.map { line in
                let quantities = line.quantities
                return
                    "line \(number) \(line.lineID) \(quantities.allocated) \(quantities.shipped) \(quantities.backordered)"
            }
    }

    private static func text(_ decimal: ExactDecimal?) -> String { decimal?.description ?? "-" }

    /// The same lines, of the store's tables.
    static func shown(in snapshot: LedgerSnapshot) throws -> Set<String> {
        let rows = try snapshot.query(
            """
            SELECT 'product ' || sku || ' ' || name || ' ' || coalesce(list_price, '-') || ' ' || active FROM store_product
            UNION ALL SELECT 'stock ' || sku || ' ' || warehouse || ' ' || on_hand || ' ' || reserved FROM store_stock
            UNION ALL SELECT 'customer ' || account || ' ' || name || ' ' || credit_used || ' ' || coalesce(hold_code, '-')
                FROM store_customer
            UNION ALL SELECT 'price ' || holder_kind || '/' || holder || '/' || price_version
                    || CASE part WHEN '' THEN '' ELSE '/' || part END || ' ' || sku || ' '
                    || CASE minimum_micro WHEN 0 THEN '-' ELSE minimum_quantity END || ' ' || unit_price
                FROM store_price
            UNION ALL SELECT 'shipment ' || id || ' ' || number || ' ' || state || ' '
                    || (SELECT count(*) FROM store_parcel AS p WHERE p.shipment = s.id) FROM store_shipment AS s
            UNION ALL SELECT 'order ' || number || ' ' || state FROM store_order
            UNION ALL SELECT 'line ' || number || ' ' || line_id || ' ' || allocated || ' ' || shipped || ' ' || backordered
                FROM store_order_line WHERE allocated IS NOT NULL
            """
        ) { $0.text(0) }
        return Set(rows)
    }
}

extension ERPChange {
    /// Tells kinds of objects apart.
    fileprivate var family: String {
        switch self {
        case .order: "order "
        case .offlineOrder: "offline "
        case .product, .stock, .prices, .customer, .shipment: ""
        }
    }
}
