internal import Fleet
internal import Models

/// What the rules would make of an alert that began now.
struct RuleTrial: Hashable, Sendable {
    let rules: [AlertRule]
    let alert: Alert
    let now: Int64
    /// What would be said, and when.
    let notices: [AlertNotice]
    /// Conditions of which it is not known whether the alert meets them, because a person has not said.
    let unsaid: Set<String>

    init(
        rules: [AlertRule], webhook: String?, alert: Alert, unsaid: Set<String> = [], now: Int64,
        clock: WallClock = .machine
    ) {
        var alert = alert
        (alert.state, alert.resolvedAt, alert.owner) = (.open, nil, nil)
        alert.raisedAt = Timestamp(microseconds: now) ?? alert.raisedAt
        alert.lastAt = alert.raisedAt
        self.rules = rules
        self.unsaid = unsaid
        self.alert = alert
        self.now = now
        let planner = NoticePlanner(rules: rules, webhook: webhook, clock: clock)
        let plan = planner.plan(for: alert, after: nil, notices: [], now: now)
        notices = plan.added.sorted { ($0.dueAt, $0.recipient) < ($1.dueAt, $1.recipient) }
    }

    var text: String {
        var table = TextTable([.text("RULE"), .text("FOR IT")])
        for rule in rules { table.add([rule.name, verdict(rule)]) }
        return "If \(what) began now:\n\n" + table.text() + "\n" + told + advice
    }

    private var what: String {
        let place = alert.flow.map { " in \($0)" } ?? ""
        return InertText.line("the alert \(alert.code)\(place), \(alert.severity.rawValue),")
    }

    private func verdict(_ rule: AlertRule) -> String {
        let unknown = self.unknown(for: rule)
        return switch obstacle(to: rule) {
        case nil: unknown.isEmpty ? "yes" : "depends: \(Self.missing(unknown))"
        case "severity": "no: it is not bad enough"
        case "at-stake": "no: not enough is at stake"
        case "flow" where alert.flow == nil: "no: it has no flow"
        case "category" where alert.category == nil: "no: it has no category"
        case "customer" where alert.accounts.isEmpty: "no: it has no customer"
        case let condition?: "no: another \(condition)"
        }
    }

    /// The first condition that is surely not met.
    private func obstacle(to rule: AlertRule) -> String? {
        rule.when.obstacles(to: alert).first { !unsaid.contains($0) }
    }

    /// What it depends on whether the rule is for it; nothing when that is known.
    private func unknown(for rule: AlertRule) -> [String] {
        obstacle(to: rule) == nil ? rule.when.obstacles(to: alert) : []
    }

    /// `no category given`.
    private static func missing(_ conditions: [String]) -> String {
        conditions.map { $0 == "at-stake" ? "no amount at stake given" : "no \($0) given" }.joined(separator: ", ")
    }

    /// How to learn of the rules of which it is not known whether they count.
    private var advice: String {
        let conditions = rules.flatMap { unknown(for: $0) }.reduce(into: [String]()) { known, condition in
            if !known.contains(condition) { known.append(condition) }
        }
        guard !conditions.isEmpty else { return "" }
        let members = conditions.map { "\($0)=…" }.joined(separator: ",")
        return "Where it depends, nobody is counted as told: say \(members) as well.\n"
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
                    let (differs, depends) = (self.obstacle(to: rule), self.unknown(for: rule))
                    return [
                        "name": .string(rule.name), "matches": .boolean(differs == nil && depends.isEmpty),
                        "differs": .optional(differs), "dependsOn": .array(depends.map { .string($0) }),
                    ]
                }),
            "notices": .array(notices.map { AlertText.json($0) }),
        ]
    }
}
