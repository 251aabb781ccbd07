internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Where alerts are kept, and where it is planned who is told of them: the one place, whether the watch of this process
/// says an alert or a message brings it.
///
/// The watch enters what it says in the transaction that says it, so that people are told of an outage of the broker
/// although no message arrives; the message that comes later finds its revision there, and changes nothing. What is
/// planned is sent by somebody else when its time comes, so a mail server that is away holds up nothing here.
///
/// Rules that have changed since the last start count from the alert's next revision on: whoever only they name is told
/// then, and what was planned before stays.
struct AlertBook: Sendable {
    private let planner: NoticePlanner

    init(planner: NoticePlanner) { self.planner = planner }

    /// As the settings have the rules.
    init(_ configuration: Configuration) {
        self.init(
            planner: NoticePlanner(
                rules: configuration.alertRules, webhook: configuration.alertWebhook?.url.text))
    }

    /// Keeps the alert and plans its notices. A revision that is there, or was overtaken, changes nothing.
    /// - Parameter now: In microseconds since 1970.
    func enter(_ alert: Alert, in transaction: LedgerTransaction, now: Int64) throws {
        guard try transaction.alertRevision(key: alert.key) < alert.revision else { return }
        let previous = try transaction.alert(key: alert.key)
        let plan = planner.plan(
            for: Self.asKnown(alert, after: previous, now), after: previous,
            notices: try transaction.notices(of: alert.key, episode: alert.raisedAt.microseconds),
            earlier: try Self.unfinished(previous, before: alert, transaction), now: now)
        try transaction.save(alert)
        try transaction.apply(plan, now: now)
    }

    /// Of what has grown, what is known only now has happened now: a mail that went out since does not tell of it, though
    /// it is younger.
    private static func asKnown(_ alert: Alert, after previous: AlertRecord?, _ now: Int64) -> Alert {
        guard let previous, previous.episode == alert.raisedAt.microseconds, previous.alert.count < alert.count,
            let time = Timestamp(microseconds: now)
        else { return alert }
        var alert = alert
        alert.lastAt = max(alert.lastAt, time)
        return alert
    }

    /// Notices of an episode whose end was never heard of: the message that said so was overtaken by this one.
    private static func unfinished(
        _ previous: AlertRecord?, before alert: Alert, _ transaction: LedgerTransaction
    ) throws -> [AlertNotice] {
        guard let previous, previous.alert.state == .open, previous.episode != alert.raisedAt.microseconds else {
            return []
        }
        return try transaction.notices(of: alert.key, episode: previous.episode)
    }
}
