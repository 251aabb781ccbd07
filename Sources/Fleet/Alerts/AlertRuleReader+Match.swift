internal import Models

extension AlertRuleReader {
    private static let conditions = ["flow", "code", "category", "kind", "severity", "customer", "at-stake"]

    /// What `when` says; nothing matches everything.
    func readMatch(_ section: inout SettingSection) -> AlertMatch {
        var match = AlertMatch()
        let form = "must be conditions, such as `{severity: error}`; leave it out for all alerts"
        guard var inner = section.section("when", members: Self.conditions, form: form) else { return match }
        match.flows = Self.flows(&inner)
        match.codes = inner.texts("code")
        match.categories = inner.words("category", of: Failure.Category.allCases.map(\.rawValue))
        match.kinds = Set(
            inner.words("kind", of: Alert.Kind.allCases.map(\.rawValue)).compactMap { Alert.Kind(rawValue: $0) })
        match.severity = Self.severity(&inner)
        match.customers = inner.texts("customer")
        match.atStake = Self.stake(&inner)
        section.take(inner)
        return match
    }

    /// A pattern that no flow of the fleet fits is a slip: nobody would ever be told.
    private static func flows(_ section: inout SettingSection) -> [String] {
        let known = FleetTopology.flows + [FleetTopology.unroutedQueue]
        let globs = section.texts("flow")
        for text in globs where !known.contains(where: { Glob(text).matches($0) }) {
            let meant = Spelling.nearest(to: text, among: known, within: 3).map { "did you mean `\($0)`?" }
            let help = meant ?? "there are \(known.joined(separator: ", "))"
            section.fault("flow", "`\(SettingFault.shown(text))` fits no flow; \(help)")
        }
        return globs
    }

    private static func severity(_ section: inout SettingSection) -> Alert.Severity? {
        guard let text = section.text("severity") else { return nil }
        return section.word("severity", text, of: Alert.Severity.allCases.map(\.rawValue))
            .flatMap { Alert.Severity(rawValue: $0) }
    }

    private static func stake(_ section: inout SettingSection) -> AlertStake? {
        guard let text = section.text("at-stake") else { return nil }
        let stake = AlertStake(text)
        if stake == nil {
            let shown = SettingFault.shown(text)
            section.fault("at-stake", "is `\(shown)`, but must be an amount and a currency such as `1000 USD`")
        }
        return stake
    }
}

extension AlertStake {
    /// Reads `1000 USD`: an amount above zero, of no more decimals than the currency has.
    package init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let currency = Currency(parts[1]), let amount = ExactDecimal(String(parts[0])),
            !amount.isNegative, !amount.isZero, amount.significantScale <= currency.minorUnits
        else { return nil }
        self.init(amount: amount, currency: currency)
    }

    /// `1000 USD`.
    package var text: String { "\(amount) \(currency)" }
}
