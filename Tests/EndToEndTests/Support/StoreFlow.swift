import Ledger
import Models

/// What the ERP tells the store beside orders: each kind with its worker, and the row that shows an object.
enum StoreFlow: String, CaseIterable, Sendable {
    case product, stock, shipment, customer, contractPrices

    /// One kind for each queue, and so for each worker.
    static let ofEachQueue: [StoreFlow] = [.stock, .shipment, .customer]
    static let queues = ofEachQueue.map(\.queue)
    static let workers = ofEachQueue.map(\.worker)
    /// The order that every shipment belongs to, see ``Rig/showOrders(_:ledger:)``.
    static let order = "W-1"
    /// A company that has little to tell.
    static let company = ["--products", "1", "--accounts", "2", "--price-lists", "1"]

    var type: MessageType {
        switch self {
        case .product: Catalogue.product
        case .stock: Catalogue.stock
        case .shipment: Catalogue.shipment
        case .customer: Catalogue.customer
        case .contractPrices: Catalogue.contractPrices
        }
    }

    var queue: String { type.queue }

    var worker: String {
        switch self {
        case .product, .stock: "inventory-worker"
        case .shipment: "tracking-worker"
        case .customer, .contractPrices: "customers-worker"
        }
    }

    /// The subject of the messages of an object.
    func subject(_ key: String) -> String {
        switch self {
        case .stock: SubjectKey.joined(key, "TAC")
        case .contractPrices: SubjectKey.joined("account", key, "Q1")
        case .product, .shipment, .customer: key
        }
    }

    // MARK: - What is shown

    /// What the store shows of an object whose newest revision says that value.
    func row(_ revision: Int64, _ value: Int64) -> String {
        switch self {
        case .stock: "\(revision) \(value)"
        case .contractPrices: "\(revision) \(value).00"
        case .product, .shipment, .customer: "\(revision) No. \(value)"
        }
    }

    /// What the store shows, by key.
    func shown(_ snapshot: LedgerSnapshot) throws -> [String: String] {
        let rows = try snapshot.query(text: statement) { ($0.text(0), $0.text(1)) }
        return Dictionary(rows) { "\($0) and \($1)" }
    }

    private var statement: String {
        switch self {
        case .product: "SELECT sku, revision || ' ' || name FROM store_product"
        case .stock: "SELECT sku, revision || ' ' || on_hand FROM store_stock WHERE warehouse = 'TAC'"
        case .shipment: "SELECT id, revision || ' ' || service FROM store_shipment"
        case .customer: "SELECT account, revision || ' ' || name FROM store_customer"
        case .contractPrices:
            """
            SELECT v.holder, v.revision || ' ' || p.unit_price
            FROM store_price_version AS v JOIN store_price AS p
                ON p.holder_kind = v.holder_kind AND p.holder = v.holder AND p.price_version = v.price_version
                    AND p.part = v.part
            """
        }
    }

    /// How many objects of this kind the ledger has applied whose keys begin so.
    func appliedCount(_ prefix: String, _ snapshot: LedgerSnapshot) throws -> Int64 {
        let count = try snapshot.first(
            "SELECT count(*) FROM subject_state WHERE family = ? AND revision > 0 AND subject GLOB ?",
            .text(type.family), .text(prefix + "*")
        ) { $0.integer(0) }
        return count ?? 0
    }

    /// The revisions of anything that were applied more than once.
    static func appliedTwice(_ snapshot: LedgerSnapshot) throws -> [String] {
        try snapshot.query(
            """
            SELECT type || ' ' || subject || ' ' || revision FROM journal WHERE stage = 'applied'
            GROUP BY type, subject, revision HAVING count(*) > 1
            """
        ) { $0.text(0) }
    }
}
