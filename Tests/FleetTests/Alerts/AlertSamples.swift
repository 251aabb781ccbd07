import Models
import Testing

@testable import Fleet

/// Alerts and rules that tests speak of; it is 12 o'clock.
enum AlertSamples {
    static func at(_ clock: String) throws -> Int64 { try time(clock).microseconds }

    static func time(_ clock: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: "2026-03-10T\(clock)Z"))
    }

    static func alert(
        _ severity: Alert.Severity = .error, code: String = "sku.unknown", raised: String = "12:00:00",
        last: String? = nil, resolved: String? = nil, owner: String? = nil
    ) throws -> Alert {
        Alert(
            key: "dead-letter/5f1d", revision: 1, state: resolved == nil ? .open : .resolved, kind: .deadLetter,
            severity: severity, code: code, category: "rejected", flow: "orders.to-erp", sentence: "It failed.",
            remedy: "Mend it.", count: 12, accounts: ["C-2044"], atStake: [try stake("1000.50 USD")],
            raisedAt: try time(raised), lastAt: try time(last ?? raised), resolvedAt: try resolved.map { try time($0) },
            owner: owner)
    }

    static func stake(_ text: String) throws -> AlertStake { try #require(AlertStake(text)) }

    static func rule(_ name: String = "all", mail: [String] = ["anna@example.com"]) -> AlertRule {
        var rule = AlertRule(name: name)
        rule.mail = mail
        return rule
    }
}
