internal import Ledger

extension LedgerTransaction {
    /// The store was away: the post is due at once, behind those that are due longer, and the try does not count. A
    /// newer revision that came meanwhile has counted none yet.
    func giveBack(_ leased: LeasedPost, code: String, reason: String, now: Int64) throws {
        try execute(
            """
            UPDATE store_webhook_post SET lease_holder = NULL, available_at = ?1, waits_from = ?1,
                attempts = CASE WHEN id = ?2 THEN max(attempts - 1, 0) ELSE attempts END,
                failing_since = coalesce(failing_since, ?1), last_code = ?3, last_failure = ?4
            WHERE sequence = ?5 AND fence = ?6
            """, .integer(now), .text(leased.post.id), .text(code), .text(reason), .integer(leased.sequence),
            .integer(leased.fence))
    }
}
