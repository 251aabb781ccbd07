internal import Fleet
internal import Models

extension AlertNotice {
    /// Why a notice that nobody has tried yet waits; nil when it does not, or no rule of that name says so.
    func holdup(
        by rules: [AlertRule], _ severity: Alert.Severity, now: Int64, clock: WallClock = .machine
    ) -> String? {
        guard state == .due, attempts == 0, reason == nil, dueAt > now,
            let rule = rules.first(where: { $0.name == self.rule })
        else { return nil }
        // What fell into quiet hours is due at their very end.
        if severity < .critical, let hours = rule.quietHours, hours.end(of: dueAt - 1, clock: clock) == dueAt {
            return "quiet hours \(hours.text)"
        }
        switch occasion {
        case .raised: return "digest: waits \(AlertText.span(rule.digest)) for more of the same"
        case .again: return "quiet-after: no second mail within \(AlertText.span(rule.quietAfter))"
        case .escalated: return "unless somebody acts before"
        case .resolved: return nil
        }
    }
}
