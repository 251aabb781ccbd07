// The ways over which people are told, as things that may be away themselves.
extension AlertNotice.Channel {
    /// Under which name an outage of it is in the ledger, shared by all processes.
    package var destination: SharedAbsence.Destination {
        switch self {
        case .mail: .mail
        case .webhook: .alertWebhook
        }
    }

    /// What alerts of outages call it.
    package var place: String {
        switch self {
        case .mail: "mail"
        case .webhook: "alert-webhook"
        }
    }

    /// The key of the alert which says that it is away.
    package var absence: String { "outage/\(place)" }

    /// The way that an alert of this key says to be away; nil for any other alert.
    package init?(awayBy key: String) {
        guard let way = Self.allCases.first(where: { $0.absence == key }) else { return nil }
        self = way
    }
}

extension AlertNotice {
    /// Whether it says of its own channel that this was away: nobody can have been told so over it before.
    package var isOfOwnWay: Bool { channel.absence == alert }
}

extension AlertRule {
    /// The same around a way that is away: over the other one, whether or not the rule asks for that.
    func around(_ way: AlertNotice.Channel) -> AlertRule {
        var rule = self
        switch way {
        case .mail: (rule.mail, rule.webhook, rule.escalation) = ([], true, nil)
        case .webhook: rule.webhook = false
        }
        return rule
    }
}
