internal import ArgumentParser
internal import ERP
internal import Fleet
internal import Models
internal import Storefront

/// What can be compared by itself, in the order in which it is repaired: a shipment is shown only beside its order.
enum ReconcileKind: String, CaseIterable, Hashable, Sendable, ExpressibleByArgument {
    case customers, products, prices, stock, orders, shipments

    /// What the ERP is asked for.
    var changes: ERPChangeKind {
        switch self {
        case .customers: .customers
        case .products: .products
        case .prices: .prices
        case .stock: .stock
        case .orders: .orders
        case .shipments: .shipments
        }
    }

    /// What the store shows of it.
    var shown: [ShownKind] {
        switch self {
        case .customers: [.customer]
        case .products: [.product]
        case .prices: [.prices]
        case .stock: [.stock]
        case .orders: [.onlineOrder, .offlineOrder]
        case .shipments: [.shipment]
        }
    }

    /// Whether the feed tells the store of what the ERP does not list any more.
    var hasWithdrawals: Bool { self != .orders && self != .shipments }
}

/// A part of the ERP's objects that is compared by itself, as the feed names it: `products`, `stock/EAST`.
struct ReconcileStream: Hashable, Sendable, CustomStringConvertible {
    let kind: ReconcileKind
    /// Nil but for stock.
    var warehouse: String?

    var description: String { warehouse.map { "\(kind.rawValue)/\($0)" } ?? kind.rawValue }
}

extension ShownKind {
    /// The messages that tell the store of it.
    var type: MessageType {
        switch self {
        case .product: Catalogue.product
        case .stock: Catalogue.stock
        case .customer: Catalogue.customer
        case .prices: Catalogue.contractPrices
        case .shipment: Catalogue.shipment
        case .onlineOrder: Catalogue.orderStatus
        case .offlineOrder: Catalogue.orderOffline
        }
    }
}
