package import Ledger
internal import Storefront

/// What waits in the ledger, and not in a queue, for a system that is away: what is to be posted or mailed.
package struct PostBacklog: Hashable, Sendable {
    /// What one of them is: `object`, `mail`.
    package var noun: String
    package var waiting: Int
    /// Since when the first of them waits, in microseconds since 1970.
    package var oldest: Int64?

    package init(noun: String, waiting: Int, oldest: Int64? = nil) {
        (self.noun, self.waiting, self.oldest) = (noun, waiting, oldest)
    }
}

extension LedgerSnapshot {
    /// What waits for that destination; nil for one that nothing in the ledger waits for, or before a worker of it has
    /// run.
    package func postBacklog(of destination: String, now: Int64) throws -> PostBacklog? {
        switch SharedAbsence.Destination(rawValue: destination) {
        case .storeWebhook?:
            return try WebhookBacklog(self, now: now).map {
                PostBacklog(noun: "object", waiting: $0.waiting, oldest: $0.oldest)
            }
        case .mail?: return try noticeBacklog("mail", .mail, now)
        case .alertWebhook?: return try noticeBacklog("post", .webhook, now)
        default: return nil
        }
    }

    private func noticeBacklog(_ noun: String, _ channel: AlertNotice.Channel, _ now: Int64) throws -> PostBacklog? {
        guard try AlertTables.areThere(self) else { return nil }
        return try first(
            """
            SELECT count(*), min(due_at) FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND due_at <= ? AND channel = ?
            """, .integer(now), .text(channel.rawValue)
        ) { row in PostBacklog(noun: noun, waiting: Int(row.integer(0)), oldest: row.optionalInteger(1)) }
    }
}
