package import Ledger
package import Models

/// How far the store's own order has been dealt with, as the fleet knows.
package enum OrderProgress: Hashable, Sendable {
    /// All of it is still to be delivered.
    case open
    /// Some of it has left.
    case begun
    /// Nothing is left to be done; it says how it ended.
    case finished(OrderStatus.State)
    /// Nothing here says.
    case unknown
}

extension OrderStatus.State {
    /// Whether nothing comes after it, so that an ERP need not keep the order.
    package var isFinal: Bool {
        switch self {
        case .shipped, .cancelled, .rejected: true
        case .received, .accepted, .held, .partiallyShipped: false
        }
    }
}

extension LedgerSnapshot {
    /// The furthest that anything says: what the worker has heard, and where there are tables what the store shows.
    package func orderProgress(_ number: String, hasTables: Bool) throws -> OrderProgress {
        let state = try subjectState(family: Catalogue.orderPlaced.family, subject: number)?.state
        if let heard = state.flatMap(OrderStatus.State.init(rawValue:)), heard.isFinal { return .finished(heard) }
        guard hasTables, let shown = try shownOrderState(number, origin: "online") else { return .unknown }
        if shown.isFinal { return .finished(shown) }
        return try shown == .partiallyShipped || hasLeft(number) ? .begun : .open
    }

    /// Where the store shows an order to stand; nil when it shows none, or a state that is none.
    package func shownOrderState(_ number: String, origin: String) throws -> OrderStatus.State? {
        try first("SELECT state FROM store_order WHERE number = ? AND origin = ?", .text(number), .text(origin)) {
            $0.text(0)
        }.flatMap(OrderStatus.State.init(rawValue:))
    }

    /// A shipment, a shipped quantity or an earlier state says so.
    private func hasLeft(_ number: String) throws -> Bool {
        try first(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM store_shipment WHERE number = ?1 AND origin = 'online')
                OR EXISTS (SELECT 1 FROM store_order_line
                    WHERE number = ?1 AND origin = 'online' AND CAST(shipped AS REAL) > 0)
                OR EXISTS (SELECT 1 FROM store_order_history
                    WHERE number = ?1 AND origin = 'online' AND state IN ('partially-shipped', 'shipped'))
            """, .text(number)
        ) { _ in true } ?? false
    }
}
