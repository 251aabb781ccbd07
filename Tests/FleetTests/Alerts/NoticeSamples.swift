import Models

@testable import Fleet

/// Notices, the rules that plan them, and how a plan is read in a test.
enum NoticeSamples {
    static func plan(
        _ rules: [AlertRule], _ alert: Alert, after previous: AlertRecord? = nil, notices: [AlertNotice] = [],
        earlier: [AlertNotice] = [], now: String = "12:00:00", webhook: String? = nil
    ) throws -> NoticePlan {
        NoticePlanner(rules: rules, webhook: webhook, clock: .fixed(secondsEast: 0)).plan(
            for: alert, after: previous, notices: notices, earlier: earlier, now: try AlertSamples.at(now))
    }

    /// A row of the alert's episode that began at 12.
    static func notice(
        _ occasion: AlertNotice.Occasion, _ state: AlertNotice.State, to recipient: String = "anna@example.com",
        due: String = "12:01:00", ended: String? = nil, attempts: Int64 = 0, copies: Int64 = 0, number: Int64 = 1
    ) throws -> AlertNotice {
        AlertNotice(
            number: number, alert: "dead-letter/5f1d", episode: try AlertSamples.at("12:00:00"), rule: "all",
            occasion: occasion, channel: .mail, recipient: recipient, dueAt: try AlertSamples.at(due), state: state,
            attempts: attempts, copies: copies, endedAt: try ended.map { try AlertSamples.at($0) })
    }

    /// `raised anna@example.com 12:01:00`, in the order of the plan.
    static func lines(_ notices: [AlertNotice]) -> [String] {
        notices.map { notice in
            let time = Timestamp(microseconds: notice.dueAt)?.description.split(separator: "T").last ?? ""
            return "\(notice.occasion.rawValue) \(notice.recipient) \(time.dropLast())"
        }
    }

    static func rule(quiet hours: String) throws -> AlertRule {
        var rule = AlertSamples.rule()
        rule.quietHours = QuietHours(hours)
        return rule
    }

    static func escalating() -> AlertRule {
        var rule = AlertSamples.rule()
        rule.escalation = AlertRule.Escalation(after: .seconds(7_200), mail: ["boss@example.com"])
        return rule
    }
}
