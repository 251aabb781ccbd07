internal import Fleet
internal import Ledger
internal import Models

/// What waits on one channel: what is due now, and what was tried in vain.
struct CourierBacklog: Hashable, Sendable {
    var channel: AlertNotice.Channel
    /// Mails or posts.
    var letters = 0
    /// Of those, the ones that were tried in vain.
    var failing = 0
    var notices = 0
    /// Since when the first of them waits, in microseconds since 1970.
    var oldest: Int64?
    /// Since when the first of those waits that were tried in vain.
    private var failingSince: Int64?
    /// Why that one waits.
    private var reason: String?

    init(channel: AlertNotice.Channel) { self.channel = channel }

    /// One sentence for the operator; nil when nothing was tried in vain.
    var trouble: String? {
        guard failing > 0 else { return nil }
        let noun = channel == .mail ? "mail" : "post"
        let since = failingSince.flatMap { Timestamp(microseconds: $0) }.map { " since \($0)" } ?? ""
        return "\(Count.text(letters, noun)) waiting\(since): \(reason ?? "no reason is known")"
    }

    /// The backlog of every channel.
    static func all(_ snapshot: LedgerSnapshot, now: Int64) throws -> [CourierBacklog] {
        let groups = try snapshot.waitingLetters(at: now)
        return AlertNotice.Channel.allCases.map { channel in
            var backlog = CourierBacklog(channel: channel)
            for group in groups where group.channel == channel.rawValue { backlog.add(group) }
            return backlog
        }
    }

    private mutating func add(_ group: WaitingLetter) {
        letters += 1
        notices += group.notices
        // What was tried has another due time by now; its id tells when that was first.
        let since = group.message.flatMap(AlertMessageID.time) ?? group.dueAt
        oldest = min(oldest ?? since, since)
        guard group.attempts > 0 else { return }
        failing += 1
        guard since < failingSince ?? .max else { return }
        (failingSince, reason) = (since, group.reason)
    }
}

/// Rows that go out together.
private struct WaitingLetter: Sendable {
    var channel: String
    var message: String?
    var notices: Int
    var dueAt: Int64
    var attempts: Int64
    var reason: String?
}

extension LedgerSnapshot {
    fileprivate func waitingLetters(at now: Int64) throws -> [WaitingLetter] {
        try query(
            """
            SELECT channel, message, count(*), min(due_at), max(attempts), max(reason),
                CASE WHEN message IS NULL AND channel = 'webhook' THEN number END AS single
            FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND (due_at <= ?1 OR attempts > 0)
            GROUP BY channel, recipient COLLATE NOCASE, message, single
            """, .integer(now)
        ) {
            WaitingLetter(
                channel: $0.text(0), message: $0.optionalText(1), notices: Int($0.integer(2)), dueAt: $0.integer(3),
                attempts: $0.integer(4), reason: $0.optionalText(5))
        }
    }
}
