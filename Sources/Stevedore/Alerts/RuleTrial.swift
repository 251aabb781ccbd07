internal import Fleet
internal import Models

/// What the rules would make of an alert that began now.
struct RuleTrial: Hashable, Sendable {
    let rules: [AlertRule]
    let alert: Alert
    let now: Int64
    /// What would be said, and when.
    let notices: [AlertNotice]

    init(rules: [AlertRule], webhook: String?, alert: Alert, now: Int64, clock: WallClock = .machine) {
        var alert = alert
        (alert.state, alert.resolvedAt, alert.owner) = (.open, nil, nil)
        alert.raisedAt = Timestamp(microseconds: now) ?? alert.raisedAt
        alert.lastAt = alert.raisedAt
        self.rules = rules
        self.alert = alert
        self.now = now
        let planner = NoticePlanner(rules: rules, webhook: webhook, clock: clock)
        let plan = planner.plan(for: alert, after: nil, notices: [], now: now)
        notices = plan.added.sorted { ($0.dueAt, $0.recipient) < ($1.dueAt, $1.recipient) }
    }

    var text: String {
        var table = TextTable([.text("RULE"), .text("FOR IT")])
        for rule in rules { table.add([rule.name, verdict(rule)]) }
        return "If \(what) began now:\n\n" + table.text() + "\n" + told
    }

    private var what: String {
        let place = alert.flow.map { " in \($0)" } ?? ""
        return InertText.line("the alert \(alert.code)\(place), \(alert.severity.rawValue),")
    }

    private func verdict(_ rule: AlertRule) -> String {
        switch rule.when.obstacle(to: alert) {
        case nil: "yes"
        case "severity": "no: it is not bad enough"
        case "at-stake": "no: not enough is at stake"
        case "flow" where alert.flow == nil: "no: it has no flow"
        case "category" where alert.category == nil: "no: it has no category"
        case "customer" where alert.accounts.isEmpty: "no: it has no customer"
        case let condition?: "no: another \(condition)"
        }
    }

    private var told: String {
        guard !notices.isEmpty else { return "Nobody would be told.\n" }
        var table = TextTable([.text("TOLD"), .text("THAT"), .text("AT"), .text("BY RULE")])
        for notice in notices {
            table.add([
                AlertText.recipient(notice), AlertText.occasion(notice.occasion),
                "\(AlertText.time(notice.dueAt)) (\(AlertText.due(notice.dueAt, now: now)))", notice.rule,
            ])
        }
        return table.text()
    }

    var json: JSONValue {
        [
            "rules": .array(
                rules.map { rule in
                    let obstacle = rule.when.obstacle(to: alert)
                    return [
                        "name": .string(rule.name), "matches": .boolean(obstacle == nil),
                        "differs": .optional(obstacle),
                    ]
                }),
            "notices": .array(notices.map { AlertText.json($0) }),
        ]
    }
}
