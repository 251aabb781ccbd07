internal import ArgumentParser
internal import Fleet
internal import Models

/// An alert that a person makes up to see who would be told: `code=sku.unknown,flow=orders.to-erp,severity=error`.
struct AlertExample: Hashable, Sendable {
    private(set) var alert: Alert

    private static let members = ["code", "flow", "category", "kind", "severity", "customer", "at-stake"]

    private init(_ alert: Alert) { self.alert = alert }

    /// What it does not say and no alert has by itself: a rule that asks for it may be for such an alert or not.
    var unsaid: Set<String> {
        let absent = [
            ("flow", alert.flow == nil), ("category", alert.category == nil), ("customer", alert.accounts.isEmpty),
            ("at-stake", alert.atStake.isEmpty),
        ]
        return Set(absent.filter(\.1).map(\.0))
    }

    /// What is not said is that of a usual failure: an error, of a dead letter. For the rest see ``unsaid``.
    static func read(_ text: String) throws(ValidationError) -> AlertExample {
        let now = Timestamp.now()
        var example = AlertExample(
            Alert(
                key: "example", revision: 1, kind: .deadLetter, severity: .error, code: "example",
                sentence: "An example.", remedy: "", raisedAt: now, lastAt: now))
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2, members.contains(sides[0]) else {
                let form = "NAME=VALUE with one of \(members.joined(separator: ", "))"
                throw ValidationError("`\(part)` must be \(form)")
            }
            try example.set(sides[0], sides[1])
        }
        return example
    }

    private mutating func set(_ name: String, _ value: String) throws(ValidationError) {
        switch name {
        case "code": alert.code = value
        case "flow": alert.flow = value
        case "category": alert.category = value
        case "customer": alert.accounts.append(value)
        case "kind": alert.kind = try Self.choice(name, value)
        case "severity": alert.severity = try Self.choice(name, value)
        default:
            guard let stake = AlertStake(value) else {
                throw ValidationError("at-stake must be an amount and a currency, such as \"1000 USD\"")
            }
            alert.atStake.append(stake)
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ value: String
    ) throws(ValidationError) -> Choice where Choice.RawValue == String {
        if let choice = Choice(rawValue: value) { return choice }
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\(name) must be one of \(allowed), not \(value)")
    }
}
