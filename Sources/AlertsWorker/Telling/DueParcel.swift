internal import Fleet
internal import Ledger

/// The notices that go out together: to one recipient, and of one message when they have been tried.
struct DueParcel: Hashable, Sendable {
    var channel: AlertNotice.Channel
    var recipient: String
    /// The id under which they have been tried; nil when they never were.
    var message: String?
    /// The one notice of it; nil where a recipient is told of several at once.
    var single: Int64?

    /// How many notices make one mail at most; more make another one.
    static let mostNotices = 2_000
}

extension LedgerSnapshot {
    /// What is due on a channel, the longest due first. A mail takes all that is due for its recipient, however their
    /// address is capitalised; a post takes one.
    func dueParcels(on channel: AlertNotice.Channel, at now: Int64, limit: Int) throws -> [DueParcel] {
        try query(
            """
            SELECT recipient, message, CASE WHEN message IS NULL AND channel = 'webhook' THEN number END AS single
            FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND due_at <= ?1 AND channel = ?2
                AND occasion IN ('raised', 'again', 'escalated', 'resolved')
            GROUP BY recipient COLLATE NOCASE, message, single ORDER BY min(due_at), min(number) LIMIT ?3
            """, .integer(now), .text(channel.rawValue), .integer(Int64(limit))
        ) {
            DueParcel(
                channel: channel, recipient: $0.text(0), message: $0.optionalText(1), single: $0.optionalInteger(2))
        }
    }

    /// The notices of a parcel. Those of one message stay together, whenever each of them is due.
    func dueNotices(of parcel: DueParcel, at now: Int64) throws -> [AlertNotice] {
        try query(
            """
            SELECT number, alert, episode, rule, occasion, due_at, attempts, reason
            FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND (due_at <= ?1 OR message IS NOT NULL) AND channel = ?2
                AND recipient = ?3 COLLATE NOCASE AND message IS ?4 AND (?5 IS NULL OR number = ?5)
            ORDER BY due_at, number LIMIT ?6
            """, .integer(now), .text(parcel.channel.rawValue), .text(parcel.recipient),
            .text(orNull: parcel.message), .integer(orNull: parcel.single), .integer(Int64(DueParcel.mostNotices))
        ) { AlertNotice($0, of: parcel) }.compactMap(\.self)
    }

    /// Whether there is an alert of that key, readable or not.
    func hasAlert(_ key: String) throws -> Bool {
        try first("SELECT 1 FROM alert WHERE key = ?", .text(key)) { $0.integer(0) } != nil
    }
}

extension AlertNotice {
    /// Nil for words of a newer version.
    fileprivate init?(_ row: borrowing SQLRow, of parcel: DueParcel) {
        guard let occasion = Occasion(rawValue: row.text(4)) else { return nil }
        self.init(
            number: row.integer(0), alert: row.text(1), episode: row.integer(2), rule: row.text(3),
            occasion: occasion, channel: parcel.channel, recipient: parcel.recipient, dueAt: row.integer(5),
            attempts: row.integer(6), message: parcel.message, reason: row.optionalText(7))
    }
}
