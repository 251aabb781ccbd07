import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Rules of alerts in words")
struct AlertRulesTests {
    private static func rule() throws -> AlertRule {
        var rule = AlertRule(name: "purchasing")
        rule.when.codes = ["sku.*", "price.*"]
        rule.when.severity = .error
        rule.when.atStake = AlertStake("1000 USD")
        rule.mail = ["anna@example.com"]
        rule.webhook = true
        rule.quietHours = QuietHours(from: 1_320, until: 420)
        rule.escalation = AlertRule.Escalation(after: .seconds(7_200), mail: ["boss@example.com"])
        return rule
    }

    private static func trial(_ example: String, _ rules: [AlertRule]) throws -> RuleTrial {
        let now = try AlertsDesk.at("12:00:00")
        let read = try AlertExample.read(example)
        return RuleTrial(
            rules: rules, webhook: "https://ops.example/", alert: read.alert, unsaid: read.unsaid, now: now,
            clock: .fixed(secondsEast: 0))
    }

    @Test("a rule says for what it is, whom it tells, and when")
    func words() throws {
        let expected = """
            purchasing
              for: code sku.* or price.*; severity error or worse; at least 1000 USD at stake
              tells: anna@example.com, the webhook
              when: 1m after the beginning, then at most once in 1d while it goes on, and at its end
              not in: 22:00-07:00, but for what is critical
              calls: boss@example.com when nobody has acted 2h after the first mail

            """
        #expect(RuleText(rule: try Self.rule()).text == expected)
        #expect(RuleText(rule: AlertRule(name: "all")).text.contains("for: every alert\n  tells: nobody at first\n"))
    }

    @Test("an example says which rules would count, whom they would tell, and when")
    func matching() throws {
        var other = AlertRule(name: "tracking")
        other.when.flows = ["tracking.*"]
        other.mail = ["tom@example.com"]
        let example = "code=sku.unknown,flow=orders.to-erp,severity=error,at-stake=2000 USD"
        let trial = try Self.trial(example, [try Self.rule(), other])
        #expect(trial.notices.map(\.recipient) == ["anna@example.com", "https://ops.example/", "boss@example.com"])
        let words = ["no: another flow", "it has begun", "T12:01:00Z (in 1m)", "T14:01:00Z (in 2h 1m)"]
        #expect(words.filter { !trial.text.contains($0) } == [])
        #expect(trial.json["rules"]?.compact.contains(#""name":"tracking","matches":false,"differs":"flow""#) == true)
    }

    @Test("an example that no rule is for tells nobody, and why")
    func notMatching() throws {
        let trial = try Self.trial("code=sku.unknown,severity=warning", [try Self.rule()])
        #expect(trial.notices.isEmpty && trial.text.contains("no: it is not bad enough"))
        #expect(trial.text.hasSuffix("Nobody would be told.\n"))
    }

    @Test("a rule asks for what an example does not say: it depends, unless something else is amiss")
    func absent() throws {
        var rule = AlertRule(name: "billing")
        (rule.when.categories, rule.when.codes) = (["rejected"], ["sku.*"])
        let trial = try Self.trial("code=sku.unknown", [rule])
        #expect(trial.text.contains("depends: no category given"))
        #expect(trial.text.hasSuffix("Where it depends, nobody is counted as told: say category=… as well.\n"))
        let json = try #require(trial.json["rules"]?.compact)
        #expect(json.contains(#""matches":false,"differs":null,"dependsOn":["category"]"#))
        #expect(try Self.trial("code=price.unknown", [rule]).text.contains("no: another code"))
        #expect(try Self.trial("code=sku.unknown,category=poison", [rule]).text.contains("no: another category"))
        rule.when = AlertMatch()
        (rule.when.customers, rule.when.atStake) = (["C1"], AlertStake("1000 USD"))
        let text = try Self.trial("code=sku.unknown", [rule]).text
        #expect(text.contains("depends: no customer given, no amount at stake given"))
        #expect(try Self.trial("code=sku.unknown,customer=C2", [rule]).text.contains("no: another customer"))
    }

    @Test("of an alert that there is it is known what it has not")
    func known() throws {
        var rule = AlertRule(name: "billing")
        rule.when.customers = ["C1"]
        var alert = try AlertsDesk.alert("a")
        alert.accounts = []
        let trial = RuleTrial(
            rules: [rule], webhook: nil, alert: alert, now: try AlertsDesk.at("12:00:00"),
            clock: .fixed(secondsEast: 0))
        #expect(trial.text.contains("no: it has no customer"))
    }

    @Test("the documented example is for the documented rule beside it")
    func documented() throws {
        var rule = AlertRule(name: "catalogue")
        (rule.when.codes, rule.when.categories, rule.mail) = (["sku.*"], ["rejected"], ["catalogue@example.com"])
        let trial = try Self.trial("code=sku.unknown,category=rejected,severity=error", [rule])
        #expect(trial.notices.map(\.recipient) == ["catalogue@example.com"])
    }

    @Test("an alert that is over or attended is tried as if it began now")
    func anew() throws {
        var alert = try AlertsDesk.alert("a", resolved: "11:30:00")
        alert.owner = "bob"
        let now = try AlertsDesk.at("12:00:00")
        let trial = RuleTrial(
            rules: [try Self.rule()], webhook: nil, alert: alert, now: now, clock: .fixed(secondsEast: 0))
        #expect(trial.notices.map(\.occasion) == [.raised, .escalated])
    }

    @Test(
        "an example that cannot be read is refused",
        arguments: ["code", "colour=red", "severity=bad", "kind=fire", "at-stake=1000", "=x"])
    func wrong(text: String) {
        #expect(throws: (any Error).self) { try AlertExample.read(text) }
    }
}
