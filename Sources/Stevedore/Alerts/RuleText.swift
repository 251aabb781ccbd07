internal import Fleet
internal import Models

/// A rule in words, and as programs read it.
struct RuleText {
    let rule: AlertRule

    /// The rule's name, and under it what it says.
    var text: String {
        let lines: [String?] = [
            "for: \(conditions)", "tells: \(recipients)", "when: \(times)",
            rule.quietHours.map { "not in: \($0.text), but for what is critical" }, calls,
        ]
        let shown = lines.compactMap { $0 }.map { "  \(InertText.line($0))\n" }
        return InertText.line(rule.name) + "\n" + shown.joined()
    }

    private var calls: String? {
        guard let escalation = rule.escalation else { return nil }
        let names = escalation.mail.joined(separator: ", ")
        let beginning = rule.mail.isEmpty && !rule.webhook ? "the beginning" : "the first mail"
        return "calls: \(names) when nobody has acted \(AlertText.span(escalation.after)) after \(beginning)"
    }

    private var conditions: String {
        let when = rule.when
        let parts: [String?] = [
            Self.part("flow", when.flows), Self.part("code", when.codes), Self.part("category", when.categories),
            Self.part("kind", when.kinds.map(\.rawValue).sorted()),
            when.severity.map { $0 == .critical ? "severity critical" : "severity \($0.rawValue) or worse" },
            Self.part("customer", when.customers), when.atStake.map { "at least \($0.text) at stake" },
        ]
        let shown = parts.compactMap { $0 }
        return shown.isEmpty ? "every alert" : shown.joined(separator: "; ")
    }

    private static func part(_ name: String, _ texts: [String]) -> String? {
        texts.isEmpty ? nil : "\(name) \(texts.joined(separator: " or "))"
    }

    private var recipients: String {
        let all = rule.mail + (rule.webhook ? ["the webhook"] : [])
        return all.isEmpty ? "nobody at first" : all.joined(separator: ", ")
    }

    private var times: String {
        let first = rule.digest > .zero ? "\(AlertText.span(rule.digest)) after the beginning" : "at once"
        return "\(first), then at most once in \(AlertText.span(rule.quietAfter)) while it goes on, and at its end"
    }

    var json: JSONValue {
        [
            "name": .string(rule.name), "when": conditionsJSON, "mail": Self.json(rule.mail),
            "webhook": .boolean(rule.webhook), "digestSeconds": Self.json(rule.digest),
            "quietAfterSeconds": Self.json(rule.quietAfter), "quietHours": .optional(rule.quietHours?.text),
            "escalate": escalationJSON,
        ]
    }

    private var escalationJSON: JSONValue {
        guard let escalation = rule.escalation else { return .null }
        return ["afterSeconds": Self.json(escalation.after), "mail": Self.json(escalation.mail)]
    }

    private var conditionsJSON: JSONValue {
        let when = rule.when
        return [
            "flow": Self.json(when.flows), "code": Self.json(when.codes), "category": Self.json(when.categories),
            "kind": Self.json(when.kinds.map(\.rawValue).sorted()), "severity": .optional(when.severity?.rawValue),
            "customer": Self.json(when.customers), "atStake": .optional(when.atStake?.text),
        ]
    }

    private static func json(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    private static func json(_ duration: Duration) -> JSONValue { .integer(duration.components.seconds) }
}
