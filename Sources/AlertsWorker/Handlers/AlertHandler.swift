internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Keeps an alert, and plans who is told of it: `alert.raised.v1`.
///
/// What is planned is written down with the alert, in one transaction, and sent by somebody else when its time comes;
/// so a mail server that is away holds up nothing here. Rules that have changed since the last start count from the
/// alert's next message on: whoever only they name is told then, and what was planned before stays.
struct AlertHandler: ProjectionHandler {
    private let planner: NoticePlanner
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int64

    let types = [Catalogue.alertRaised.name]

    init(planner: NoticePlanner, now: @escaping @Sendable () -> Int64 = { Timestamp.now().microseconds }) {
        self.planner = planner
        self.now = now
    }

    /// As the settings have the rules.
    init(_ configuration: Configuration) {
        self.init(
            planner: NoticePlanner(
                rules: configuration.alertRules, webhook: configuration.alertWebhook?.url.text))
    }

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let alert = try message.content(as: Alert.self)
        let (now, previous) = (self.now(), try transaction.alert(key: alert.key))
        let plan = planner.plan(
            for: alert, after: previous,
            notices: try transaction.notices(of: alert.key, episode: alert.raisedAt.microseconds),
            earlier: try Self.unfinished(previous, before: alert, transaction), now: now)
        try transaction.save(alert)
        try transaction.apply(plan, now: now)
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
