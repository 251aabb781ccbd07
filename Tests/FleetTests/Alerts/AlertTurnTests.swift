import Models
import Testing

@testable import Fleet

@Suite("What ends the quiet time of an alert early, and what does not")
struct AlertTurnTests {
    private static func told(number: Int64 = 1) throws -> AlertNotice {
        try NoticeSamples.notice(.raised, .sent, ended: "12:01:00", number: number)
    }

    /// What is planned at half past twelve for whoever was told at 12:01.
    private static func plan(
        _ rules: [AlertRule]? = nil, notices: [AlertNotice]? = nil, atStake: AlertStake? = nil,
        _ change: (inout Alert) -> Void
    ) throws -> [String] {
        var known = try AlertSamples.alert()
        if let atStake { known.atStake = [atStake] }
        var alert = known
        alert.revision = 2
        change(&alert)
        let plan = try NoticeSamples.plan(
            rules ?? [AlertSamples.rule()], alert, after: AlertRecord(known), notices: try notices ?? [told()],
            now: "12:30:00")
        return NoticeSamples.lines(plan.added)
    }

    private static let soon = ["again anna@example.com 12:31:00"]

    @Test("another wording, remedy, object, owner or number of objects is nothing that anybody is told of before")
    func wording() throws {
        let lines = try Self.plan { alert in
            (alert.sentence, alert.remedy, alert.owner) = ("It is called Anchor bolt now.", "Mend that.", "bob")
            (alert.subjects, alert.accounts, alert.count) = (["W-9"], ["C-9"], 40)
        }
        #expect(lines.isEmpty)
    }

    @Test("that it has happened again under another name is told when the quiet is over")
    func again() throws {
        let last = try AlertSamples.time("12:29:00")
        let lines = try Self.plan { alert in
            (alert.sentence, alert.lastAt) = ("It is called Anchor bolt now.", last)
        }
        let plan = try #require(lines.first)
        #expect(lines.count == 1 && plan == "again anna@example.com 12:01:00")
    }

    @Test("another code or category, and a greater severity, is told at once; a lesser one is not")
    func changed() throws {
        let code = try Self.plan { $0.code = "sku.blocked" }
        let category = try Self.plan { $0.category = "poison" }
        let greater = try Self.plan { $0.severity = .critical }
        let lesser = try Self.plan { $0.severity = .warning }
        #expect(code == Self.soon && category == Self.soon && greater == Self.soon && lesser.isEmpty)
    }

    @Test("a rise over a rule's threshold is told at once to those of the rule, though another one told them before")
    func threshold() throws {
        var big = AlertSamples.rule("big")
        big.when.atStake = try AlertSamples.stake("10000 USD")
        let (low, high) = (try AlertSamples.stake("9999.99 USD"), try AlertSamples.stake("10000 USD"))
        let rules = [AlertSamples.rule(), big]
        let over = try Self.plan(rules, atStake: low) { $0.atStake = [high] }
        let stays = try Self.plan(rules, atStake: high) { $0.atStake = [high] }
        let below = try Self.plan(rules) { $0.atStake = [low] }
        #expect(over == Self.soon && stays.isEmpty && below.isEmpty)
    }

    @Test("what goes up and down is told once in the quiet time, and what was not told yet is in the first mail")
    func flapping() throws {
        var again = try NoticeSamples.notice(.again, .sent, ended: "12:20:00", number: 2)
        let repeated = try Self.plan(notices: [try Self.told(), again]) { $0.severity = .critical }
        again.rule = "another"
        let other = try Self.plan(notices: [try Self.told(), again]) { $0.severity = .critical }
        let waiting = try Self.plan(notices: [try NoticeSamples.notice(.raised, .due)]) { $0.severity = .critical }
        #expect(repeated.isEmpty && other == Self.soon && waiting.isEmpty)
    }

    @Test("another episode is compared with nothing")
    func episode() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        let turn = AlertTurn(of: try AlertSamples.alert(.critical), after: before, for: AlertSamples.rule())
        let first = AlertTurn(of: try AlertSamples.alert(.critical), after: nil, for: AlertSamples.rule())
        #expect(turn == nil && first == nil)
    }
}
