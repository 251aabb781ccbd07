package import Ledger

/// One thing to be said to one recipient about one alert. Rows are written when the alert's message is handled, and
/// sent by one process; every change of their state is in the ledger before or after the mail, never only in memory.
package struct AlertNotice: Hashable, Sendable {
    /// What is said.
    package enum Occasion: String, Hashable, Sendable, CaseIterable {
        /// That it has begun.
        case raised
        /// That it has happened again since the last mail, or has become another matter.
        case again
        /// That nobody has acted yet.
        case escalated
        /// That it has ended.
        case resolved
    }

    /// How it is said.
    package enum Channel: String, Hashable, Sendable, CaseIterable { case mail, webhook }

    /// What has become of it.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// It has to be sent when its time comes.
        case due
        /// The other side has taken it.
        case sent
        /// The other side will never take it.
        case refused
        /// There is no need any more: the alert ended before its time came, or somebody looks after it.
        case dropped
    }

    /// Its row; nil before it has one.
    package var number: Int64?
    /// The alert's key.
    package var alert: String
    /// When the alert's episode began, in microseconds since 1970.
    package var episode: Int64
    /// The name of the rule that wants it.
    package var rule: String
    package var occasion: Occasion
    package var channel: Channel
    /// A mail address, or for ``Channel/webhook`` its address.
    package var recipient: String
    /// Not before this time, in microseconds since 1970.
    package var dueAt: Int64
    package var state = State.due
    /// How often it was tried in vain.
    package var attempts: Int64 = 0
    /// How many copies of it the other side may have: tries whose answer is not known, with the one that is in hand.
    package var copies: Int64 = 0
    /// The id of the mail or post that says it: chosen before the first try and kept, so that one which arrives twice
    /// is seen to be the same.
    package var message: String?
    /// Why the last try was in vain, or why it is not sent.
    package var reason: String?
    /// When it was sent, refused or dropped, in microseconds since 1970; nil while it is due.
    package var endedAt: Int64?

    package init(
        number: Int64? = nil, alert: String, episode: Int64, rule: String, occasion: Occasion, channel: Channel,
        recipient: String, dueAt: Int64, state: State = .due, attempts: Int64 = 0, copies: Int64 = 0,
        message: String? = nil, reason: String? = nil, endedAt: Int64? = nil
    ) {
        self.number = number
        self.alert = alert
        self.episode = episode
        self.rule = rule
        self.occasion = occasion
        self.channel = channel
        self.recipient = recipient
        self.dueAt = dueAt
        self.state = state
        self.attempts = attempts
        self.copies = copies
        self.message = message
        self.reason = reason
        self.endedAt = endedAt
    }
}

extension AlertNotice {
    /// Whether both go to one recipient; nobody has two mailboxes that differ in capitals alone.
    package func isFor(_ other: AlertNotice) -> Bool {
        guard channel == other.channel else { return false }
        return channel == .mail ? recipient.lowercased() == other.recipient.lowercased() : recipient == other.recipient
    }

    /// Whether the other side may have taken it: it has said so, or the answer to a try is not known. A try that surely
    /// reached nobody counts for nothing.
    package var mayHaveArrived: Bool { state == .sent || state != .refused && copies > 0 }
}

extension LedgerTransaction {
    /// Adds a notice, unless its recipient has one of the same occasion in this episode; ``AlertNotice/Occasion/again``
    /// may come often.
    package func add(_ notice: AlertNotice) throws {
        try execute(
            """
            INSERT INTO alert_notice
                (alert, episode, rule, occasion, channel, recipient, due_at, state, attempts, copies, message, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, .text(notice.alert), .integer(notice.episode), .text(notice.rule), .text(notice.occasion.rawValue),
            .text(notice.channel.rawValue), .text(notice.recipient), .integer(notice.dueAt),
            .text(notice.state.rawValue), .integer(notice.attempts), .integer(notice.copies),
            .text(orNull: notice.message), .text(orNull: notice.reason))
    }

    /// Ends a notice that was due; false when it had ended already.
    @discardableResult
    package func end(
        _ notice: AlertNotice, as state: AlertNotice.State, message: String? = nil, reason: String? = nil, now: Int64
    ) throws -> Bool {
        try execute(
            """
            UPDATE alert_notice SET state = ?, message = coalesce(?, message), reason = ?, ended_at = ?
            WHERE number = ? AND state = 'due'
            """, .text(state.rawValue), .text(orNull: message), .text(orNull: reason), .integer(now),
            .integer(orNull: notice.number)) == 1
    }

    /// Notes a try in vain, and when the next one is.
    package func postpone(_ notice: AlertNotice, until due: Int64, reason: String) throws {
        try execute(
            """
            UPDATE alert_notice SET attempts = attempts + 1, due_at = ?, reason = ?
            WHERE number = ? AND state = 'due'
            """, .integer(due), .text(reason), .integer(orNull: notice.number))
    }

    /// Lets it wait without a try.
    package func delay(_ notice: AlertNotice, until due: Int64) throws {
        try execute(
            "UPDATE alert_notice SET due_at = ? WHERE number = ? AND state = 'due'", .integer(due),
            .integer(orNull: notice.number))
    }

    /// Keeps the id of the mail or post that is about to say it, and counts the copy that may arrive from now on,
    /// whatever becomes of this process.
    package func begin(_ notice: AlertNotice, as message: String) throws {
        try execute(
            "UPDATE alert_notice SET message = ?, copies = copies + 1 WHERE number = ? AND state = 'due'",
            .text(message), .integer(orNull: notice.number))
    }

    /// Takes back what ``begin(_:as:)`` counted: the try is known to have reached nobody. Also of a notice that was
    /// dropped while it was in hand, because that decides whether its recipient is told of the end.
    package func takeBack(_ notice: AlertNotice) throws {
        try execute(
            """
            UPDATE alert_notice SET copies = copies - 1
            WHERE number = ? AND state IN ('due', 'dropped') AND copies > 0
            """, .integer(orNull: notice.number))
    }

    /// Has what was refused sent at that time after all, under a new id: under the old one a reader might take it for a
    /// copy. False when it is not refused any more.
    package func resend(_ notice: AlertNotice, at due: Int64, reason: String) throws -> Bool {
        try execute(
            """
            UPDATE alert_notice SET state = 'due', due_at = ?, attempts = 0, copies = 0, message = NULL, reason = ?,
                ended_at = NULL
            WHERE number = ? AND state = 'refused'
            """, .integer(due), .text(reason), .integer(orNull: notice.number)) == 1
    }

    /// Sends a notice that is due to another place.
    package func readdress(_ notice: AlertNotice, to recipient: String) throws {
        try execute(
            "UPDATE alert_notice SET recipient = ? WHERE number = ? AND state = 'due'", .text(recipient),
            .integer(orNull: notice.number))
    }
}

extension LedgerSnapshot {
    /// What is due at that time, the longest due first.
    package func dueNotices(at now: Int64, limit: Int) throws -> [AlertNotice] {
        try query(
            """
            SELECT number, alert, episode, rule, occasion, channel, recipient, due_at, state, attempts, message, reason,
                ended_at, copies
            FROM alert_notice INDEXED BY alert_notice_due WHERE state = 'due' AND due_at <= ?
            ORDER BY due_at, number LIMIT ?
            """, .integer(now), .integer(Int64(limit))
        ) { AlertNotice($0) }.compactMap(\.self)
    }

    /// What was, or is to be, said of an alert in all its episodes, in the order in which it was written down.
    package func notices(of alert: String) throws -> [AlertNotice] {
        try query(
            """
            SELECT number, alert, episode, rule, occasion, channel, recipient, due_at, state, attempts, message, reason,
                ended_at, copies
            FROM alert_notice WHERE alert = ? ORDER BY episode, number
            """, .text(alert)
        ) { AlertNotice($0) }.compactMap(\.self)
    }

    /// The keys of alerts of which anything was refused, now or once, in their order; for people, because it reads all
    /// notices.
    package func refusedAlertKeys() throws -> [String] {
        try query("SELECT DISTINCT alert FROM alert_notice WHERE state = 'refused' ORDER BY alert") { $0.text(0) }
    }

    /// What was, or is to be, said of one episode of an alert, in the order in which it was written down.
    package func notices(of alert: String, episode: Int64) throws -> [AlertNotice] {
        try query(
            """
            SELECT number, alert, episode, rule, occasion, channel, recipient, due_at, state, attempts, message, reason,
                ended_at, copies
            FROM alert_notice WHERE alert = ? AND episode = ? ORDER BY number
            """, .text(alert), .integer(episode)
        ) { AlertNotice($0) }.compactMap(\.self)
    }
}

extension AlertNotice {
    /// Nil for words of a newer version.
    fileprivate init?(_ row: borrowing SQLRow) {
        guard let occasion = Occasion(rawValue: row.text(4)), let channel = Channel(rawValue: row.text(5)),
            let state = State(rawValue: row.text(8))
        else { return nil }
        self.init(
            number: row.integer(0), alert: row.text(1), episode: row.integer(2), rule: row.text(3),
            occasion: occasion, channel: channel, recipient: row.text(6), dueAt: row.integer(7), state: state,
            attempts: row.integer(9), copies: row.integer(13),
            message: row.optionalText(10), reason: row.optionalText(11),
            endedAt: row.optionalInteger(12))
    }
}
