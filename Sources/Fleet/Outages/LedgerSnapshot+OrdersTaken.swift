package import Ledger
internal import Models

/// The orders that came in within a span of time, by the fleet's own clock: when they were noted, and not what the
/// messages say of their time, so that they are counted as the messages of that time are (``JournalTally``).
package struct OrdersTaken: Hashable, Sendable {
    /// How many, and what they are worth, in the form of those that wait.
    package var orders: WaitingOrders
    /// Whether every step of the journal was looked at: of a very long span only the last ones are, and a journal is not
    /// kept for ever.
    package var isWhole: Bool

    static let sql = """
        SELECT currency, scale, 0, count(*), sum(units / 1000000000), sum(units % 1000000000), NULL, ''
        FROM (
            SELECT o.currency, \(WaitingOrders.units) AS units, \(WaitingOrders.scale) AS scale
            FROM (
                SELECT DISTINCT subject FROM journal
                WHERE id > ? AND id <= ? AND stage = 'noted' AND type = '\(Catalogue.orderPlaced.name)'
            ) AS n CROSS JOIN store_order AS o ON o.number = n.subject AND o.origin = 'online')
        GROUP BY currency, scale
        """
}

extension LedgerSnapshot {
    /// The orders that were noted in a span of time, in microseconds since 1970; nil where the store has no tables in this
    /// ledger. Looks at every step of that time: for what is asked once.
    package func ordersTaken(from start: Int64, to end: Int64) throws -> OrdersTaken? {
        guard try hasOrderTimes() else { return nil }
        guard let bounds = try journalBounds() else { return OrdersTaken(orders: WaitingOrders(), isWhole: true) }
        let (place, last) = (try lastStep(before: start, bounds), try lastStep(before: end, bounds))
        let first = max(place, last - JournalTally.reach)
        let parts = try query(text: OrdersTaken.sql, [.integer(first), .integer(last)]) { WaitingOrders.Part($0) }
        let isWhole = first == place && (place >= bounds.lowerBound || bounds.lowerBound == 1)
        return OrdersTaken(orders: WaitingOrders(parts), isWhole: isWhole)
    }
}
