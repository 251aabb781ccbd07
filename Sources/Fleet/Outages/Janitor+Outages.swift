internal import Ledger

// Outages of long ago.
extension Janitor {
    /// How long outages and planned windows are kept after their end: so that a year can be compared with the one before.
    static let outageRetention = Duration.seconds(365 * 86_400)

    /// Removes the outages whose time is over; returns how many rows went.
    func sweepOutages() async throws -> Int {
        try await steps(keeping: Self.outageRetention) { try $0.pruneOutages(before: $1, limit: $2) }
    }
}

extension LedgerTransaction {
    /// Removes outages that ended before that time, what was noted of them, and windows that were over by then; at most so
    /// many rows. What lasts stays, and so does the newest, so that no number is given twice.
    func pruneOutages(before end: Int64, limit: Int) throws -> Int {
        let numbers = try query(
            """
            SELECT number FROM outage WHERE ended_at < ? AND number < (SELECT max(number) FROM outage)
            ORDER BY number LIMIT ?
            """, .integer(end), .integer(Int64(limit))
        ) { $0.integer(0) }
        var removed = 0
        for number in numbers {
            removed += try execute(
                """
                DELETE FROM outage_sample WHERE (outage, at, queue) IN
                    (SELECT outage, at, queue FROM outage_sample WHERE outage = ? LIMIT ?)
                """, .integer(number), .integer(Int64(max(0, limit - removed))))
            guard removed < limit else { return removed }
            removed += try execute("DELETE FROM outage WHERE number = ?", .integer(number))
        }
        return try removed + pruneWindows(before: end, limit: limit - removed)
    }

    /// One of which an outage is kept stays with it.
    private func pruneWindows(before end: Int64, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM maintenance_window WHERE number IN (
                SELECT number FROM maintenance_window AS w
                WHERE ends_at < ? AND number < (SELECT max(number) FROM maintenance_window)
                    AND NOT EXISTS (SELECT 1 FROM outage WHERE outage.window = w.number)
                ORDER BY number LIMIT ?)
            """, .integer(end), .integer(Int64(max(0, limit))))
    }
}
