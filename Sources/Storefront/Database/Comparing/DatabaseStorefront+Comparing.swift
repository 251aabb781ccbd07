package import Ledger
package import Models

extension DatabaseStorefront {
    /// Writes into tables of its own what a message would have the store show, by itself: what the store was told of other
    /// objects counts for nothing there.
    package func showAlone(_ payload: any Payload, at time: Timestamp, in transaction: LedgerTransaction) throws {
        switch payload {
        case let product as Product: try show(product, at: time, in: transaction)
        case let stock as Stock: try show(stock, at: time, in: transaction)
        case let customer as Customer: try show(customer, at: time, in: transaction)
        case let prices as ContractPrices: try show(prices, at: time, in: transaction)
        case let order as OfflineOrder: try show(order, at: time, in: transaction)
        case let status as OrderStatus: try show(status, at: time, in: transaction)
        case let shipment as Shipment:
            try standIn(for: shipment.order, in: transaction)
            try show(shipment, at: time, in: transaction)
        default: break
        }
    }

    /// The key under which the store shows what a message says, and of what kind it is; nil for what it does not show.
    package static func key(of payload: any Payload) -> (kind: ShownKind, key: ShownKey)? {
        switch payload {
        case let product as Product: (.product, ShownKey([product.sku]))
        case let stock as Stock: (.stock, ShownKey([stock.sku, stock.warehouse]))
        case let customer as Customer: (.customer, ShownKey([customer.account]))
        case let prices as ContractPrices:
            (.prices, ShownKey([prices.holder.kind, prices.holder.key, prices.priceVersion, prices.part ?? ""]))
        case let order as OfflineOrder: (.offlineOrder, ShownKey([order.number]))
        case let status as OrderStatus: (.onlineOrder, ShownKey([status.number]))
        case let shipment as Shipment: (.shipment, ShownKey([shipment.id]))
        default: nil
        }
    }

    /// A shipment is shown only beside its order, and here it is alone.
    private func standIn(for order: OrderReference, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            """
            INSERT OR IGNORE INTO store_order (number, origin, state, revision, changed_at)
            VALUES (?, ?, 'received', 0, '')
            """, .text(order.number), .text(order.isOnline ? Origin.online.rawValue : Origin.offline.rawValue))
    }
}

extension OrderReference {
    fileprivate var isOnline: Bool {
        if case .online = self { return true }
        return false
    }
}

extension ShownKind {
    /// The subject of the messages that tell an object with this key.
    package func subject(of key: ShownKey) -> String {
        switch self {
        case .stock where key.parts.count == 2: SubjectKey.joined(key.parts[0], key.parts[1])
        case .prices where key.parts.count == 4:
            key.parts[3].isEmpty
                ? SubjectKey.joined(key.parts[0], key.parts[1], key.parts[2])
                : SubjectKey.joined(key.parts[0], key.parts[1], key.parts[2], key.parts[3])
        default: key.parts.first ?? ""
        }
    }
}
