package import Models

/// Who is told of which alerts, how soon and how often: one entry of `alerts.rules`.
///
/// Every rule that matches counts; a person whom several name is told once.
package struct AlertRule: Hashable, Sendable {
    /// Unique; what lists and mails call it.
    package var name: String
    /// Which alerts it is for.
    package var when = AlertMatch()
    /// Whom it tells by mail.
    package var mail: [String] = []
    /// Whether it posts to `alerts.webhook.url`.
    package var webhook = false
    /// How long the first mail waits for more of the same, so that a burst is one mail with a count.
    package var digest = Duration.seconds(60)
    /// How long no second mail follows while an alert goes on happening.
    package var quietAfter = Duration.seconds(86_400)
    /// When nothing is sent but what is critical; what falls into it is sent at its end.
    package var quietHours: QuietHours?
    /// Who is told as well when nobody has acted by then.
    package var escalation: Escalation?

    /// Whom to call next.
    package struct Escalation: Hashable, Sendable {
        /// How long after the first mail of the rule; where it tells nobody at first, after its digest.
        package var after: Duration
        /// Whom by mail.
        package var mail: [String]

        package init(after: Duration, mail: [String]) {
            self.after = after
            self.mail = mail
        }
    }

    package init(name: String) { self.name = name }
}

/// What an alert must be for a rule to count; nil and nothing match everything.
package struct AlertMatch: Hashable, Sendable {
    /// Globs over the flow, such as `orders.*`; one of them has to fit.
    package var flows: [String] = []
    /// Globs over the code, such as `sku.*`.
    package var codes: [String] = []
    /// Failure categories.
    package var categories: [String] = []
    /// Kinds of alert.
    package var kinds: Set<Alert.Kind> = []
    /// At least as bad.
    package var severity: Alert.Severity?
    /// Globs over the accounts concerned; one of the alert's has to fit one of them.
    package var customers: [String] = []
    /// At least so much at stake, in this currency.
    package var atStake: AlertStake?

    package init() {}
}

/// A daily span of time on the clock of the machine's zone (`TZ`), which may go over midnight.
package struct QuietHours: Hashable, Sendable {
    /// In minutes after midnight.
    package var from: Int
    /// In minutes after midnight; not in it any more.
    package var until: Int

    package init(from: Int, until: Int) {
        self.from = from
        self.until = until
    }
}
