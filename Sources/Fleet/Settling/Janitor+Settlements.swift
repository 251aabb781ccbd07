internal import Ledger

// Estimates of orders of long ago.
extension Janitor {
    /// How long it is known what an order had estimated. Who is told of such an order later hears no more of it.
    static let settlementRetention = Duration.seconds(365 * 86_400)

    /// Removes what was noted of orders before that; returns how many rows went.
    func sweepSettlements() async throws -> Int {
        try await steps(keeping: Self.settlementRetention) { try $0.pruneSettlements(before: $1, limit: $2) }
    }
}

extension LedgerTransaction {
    func pruneSettlements(before end: Int64, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM order_settlement WHERE (subject, revision, question) IN (
                SELECT subject, revision, question FROM order_settlement WHERE noted_at < ? ORDER BY noted_at LIMIT ?)
            """, .integer(end), .integer(Int64(limit)))
    }
}
