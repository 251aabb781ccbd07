import Models
import Testing

@testable import Fleet

@Suite("Which alerts a rule is for")
struct AlertMatchTests {
    private static func match(_ change: (inout AlertMatch) throws -> Void) rethrows -> AlertMatch {
        var match = AlertMatch()
        try change(&match)
        return match
    }

    @Test("a rule without conditions is for every alert")
    func everything() throws {
        #expect(AlertMatch().matches(try AlertSamples.alert(.info)))
    }

    @Test("each condition that is met lets the alert pass")
    func met() throws {
        let alert = try AlertSamples.alert()
        let matches = [
            Self.match { $0.flows = ["inventory.*", "orders.*"] }, Self.match { $0.codes = ["sku.*"] },
            Self.match { $0.categories = ["rejected"] }, Self.match { $0.kinds = [.deadLetter] },
            Self.match { $0.severity = .error }, Self.match { $0.severity = .info },
            Self.match { $0.customers = ["X*", "C-20*"] },
            try Self.match { $0.atStake = try AlertSamples.stake("1000.5 USD") },
        ]
        #expect(matches.map { $0.obstacle(to: alert) } == Array(repeating: nil, count: matches.count))
    }

    @Test("one condition that is not met keeps the alert out, and is named")
    func notMet() throws {
        let alert = try AlertSamples.alert()
        let matches = [
            Self.match { $0.flows = ["inventory.*"] }, Self.match { $0.codes = ["sku"] },
            Self.match { $0.categories = ["transient"] }, Self.match { $0.kinds = [.outage] },
            Self.match { $0.severity = .critical }, Self.match { $0.customers = ["C-2"] },
            try Self.match { $0.atStake = try AlertSamples.stake("1000.51 USD") },
        ]
        let names = ["flow", "code", "category", "kind", "severity", "customer", "at-stake"]
        #expect(matches.map { $0.obstacle(to: alert) } == names)
        #expect(matches.allSatisfy { !$0.matches(alert) })
    }

    @Test("all conditions have to be met, one value of each is enough")
    func together() throws {
        let alert = try AlertSamples.alert()
        let match = Self.match {
            $0.codes = ["price.*", "sku.*"]
            $0.severity = .warning
        }
        #expect(match.matches(alert))
        var strict = match
        strict.flows = ["tracking.*"]
        #expect(strict.obstacle(to: alert) == "flow")
    }

    @Test("money in another currency does not count")
    func currencies() throws {
        let match = try Self.match { $0.atStake = try AlertSamples.stake("1 EUR") }
        #expect(match.obstacle(to: try AlertSamples.alert()) == "at-stake")
    }

    @Test("an alert without a flow or an account is for a star alone")
    func absent() throws {
        var alert = try AlertSamples.alert()
        (alert.flow, alert.accounts) = (nil, [])
        #expect(Self.match { $0.flows = ["*"] }.matches(alert))
        #expect(Self.match { $0.customers = ["*"] }.matches(alert))
        #expect(Self.match { $0.flows = ["orders.*"] }.obstacle(to: alert) == "flow")
        #expect(Self.match { $0.customers = ["C*"] }.obstacle(to: alert) == "customer")
    }

    @Test(
        "an amount at stake is a number above zero and a currency",
        arguments: ["", "1000", "USD", "1000 usd", "0 USD", "-1 USD", "1.001 USD", "1 2 USD", "1,000 USD"])
    func noStake(text: String) {
        #expect(AlertStake(text) == nil)
    }
}
