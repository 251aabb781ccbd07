internal import MailClient
internal import Models

/// Reads `alerts.rules`: a list of rules with a `name` each, or names with a rule each. Keeps every fault with its
/// place.
struct AlertRuleReader {
    static let place = "alerts.rules"

    private(set) var rules: [AlertRule] = []
    var faults: [SettingFault] = []

    /// Nil and nothing are no rules.
    init(_ node: YAMLNode?) {
        switch node {
        case nil, .scalar(""): break
        case .scalar: faults.append(SettingFault(Self.place, "must be a list of rules, or names with a rule each"))
        case .sequence(let elements):
            for (index, element) in elements.enumerated() { readRule(element, at: "\(Self.place)[\(index)]") }
        case .mapping(let members):
            for (name, value) in members { readNamed(name, value) }
        }
    }

    private mutating func readNamed(_ name: YAMLNode, _ value: YAMLNode) {
        guard let text = name.text else {
            return faults.append(SettingFault(Self.place, "the name of a rule must be a text"))
        }
        readRule(value, at: "\(Self.place).\(SettingFault.shown(text))", name: text)
    }

    // MARK: - A rule

    private static let members = [
        "name", "when", "mail", "webhook", "digest", "quiet-after", "quiet-hours", "escalate",
    ]

    private mutating func readRule(_ node: YAMLNode, at place: String, name: String? = nil) {
        let known = name == nil ? Self.members : Array(Self.members.dropFirst())
        let before = faults.count
        let form = "must be a rule, such as `{when: {code: sku.*}, mail: anna@example.com}`"
        var section = SettingSection(node, at: place, members: known, form: form)
        var rule = AlertRule(name: readName(name, &section))
        rule.when = readMatch(&section)
        rule.mail = readMail(&section)
        rule.webhook = section.flag("webhook") ?? false
        readTimes(&rule, &section)
        rule.escalation = readEscalation(&section)
        faults += section.faults
        if faults.count == before, !rule.tellsSomebody {
            faults.append(SettingFault(place, "tells nobody: give it `mail`, `webhook: true` or `escalate`"))
        }
        faults = faults.enumerated().map { $0 < before || name != nil ? $1 : $1.of(rule: rule.name) }
        rules.append(rule)
    }

    private func readName(_ given: String?, _ section: inout SettingSection) -> String {
        guard let name = given ?? section.text("name") else {
            if given == nil, section.isThere, !section.has("name") {
                section.fault("name", "is missing: mails and lists call the rule by it")
            }
            return ""
        }
        let isFit = (1...80).contains(name.count) && InertText.line(name) == name
        if !isFit { section.fault("name", "must be a name of 1 to 80 characters on one line") }
        if rules.contains(where: { $0.name.lowercased() == name.lowercased() }) {
            section.fault("name", "another rule is called `\(SettingFault.shown(name))` already")
        }
        return name
    }

    private func readTimes(_ rule: inout AlertRule, _ section: inout SettingSection) {
        if let digest = section.duration("digest", within: .zero ... .seconds(86_400)) { rule.digest = digest }
        if let quiet = section.duration("quiet-after", within: .seconds(60) ... .seconds(31_536_000)) {
            rule.quietAfter = quiet
        }
        guard let text = section.text("quiet-hours") else { return }
        rule.quietHours = QuietHours(text)
        if rule.quietHours == nil {
            let shown = SettingFault.shown(text)
            section.fault("quiet-hours", "is `\(shown)`, but must be two different times such as 22:00-07:00")
        }
    }

    private func readEscalation(_ section: inout SettingSection) -> AlertRule.Escalation? {
        guard var inner = section.section("escalate", members: ["after", "mail"], form: "must have `after` and `mail`")
        else { return nil }
        let after = inner.duration("after", within: .seconds(1) ... .seconds(31_536_000))
        let mail = readMail(&inner)
        for name in ["after", "mail"] where inner.isThere && !inner.has(name) { inner.fault(name, "is missing") }
        section.take(inner)
        guard let after, !mail.isEmpty else { return nil }
        return AlertRule.Escalation(after: after, mail: mail)
    }

    /// Each address once, as it was written first.
    private func readMail(_ section: inout SettingSection) -> [String] {
        var addresses: [String] = []
        for text in section.texts("mail") {
            guard let address = MailAddress(text) else {
                let shown = SettingFault.shown(text)
                section.fault("mail", "`\(shown)` must be a mail address such as anna@example.com; several make a list")
                continue
            }
            let isThere = addresses.contains { $0.lowercased() == address.text.lowercased() }
            if !isThere { addresses.append(address.text) }
        }
        return addresses
    }
}

extension AlertRule {
    /// Everybody whom it may write to.
    package var addresses: [String] { mail + (escalation?.mail ?? []) }

    /// Whether anybody ever hears of it.
    var tellsSomebody: Bool { webhook || !addresses.isEmpty }
}
