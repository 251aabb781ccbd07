package import Models

extension AlertMatch {
    /// Whether a rule of these conditions counts for the alert.
    package func matches(_ alert: Alert) -> Bool { obstacle(to: alert) == nil }

    /// The first condition that the alert does not meet, by its name in the settings; nil when it meets all.
    package func obstacle(to alert: Alert) -> String? { obstacles(to: alert).first }

    /// Every condition that the alert does not meet.
    package func obstacles(to alert: Alert) -> [String] {
        let isOfCategory = categories.isEmpty || categories.contains { $0 == alert.category }
        let conditions = [
            ("flow", Self.fits(flows, alert.flow)), ("code", Self.fits(codes, alert.code)),
            ("category", isOfCategory), ("kind", kinds.isEmpty || kinds.contains(alert.kind)),
            ("severity", severity.map { alert.severity >= $0 } ?? true), ("customer", isFor(alert.accounts)),
            ("at-stake", isEnough(alert.atStake)),
        ]
        return conditions.filter { !$0.1 }.map(\.0)
    }

    private static func fits(_ globs: [String], _ text: String?) -> Bool {
        globs.isEmpty || globs.contains { Glob($0).matches(text ?? "") }
    }

    /// An alert that names no account is for `*` alone.
    private func isFor(_ accounts: [String]) -> Bool {
        guard !customers.isEmpty else { return true }
        let globs = customers.map { Glob($0) }
        return accounts.isEmpty
            ? globs.contains(where: \.isOpen)
            : accounts.contains { account in globs.contains { $0.matches(account) } }
    }

    /// Amounts in other currencies do not count: nobody here knows the day's rate.
    private func isEnough(_ stakes: [AlertStake]) -> Bool {
        guard let atStake else { return true }
        return stakes.contains { $0.currency == atStake.currency && $0.amount >= atStake.amount }
    }
}
