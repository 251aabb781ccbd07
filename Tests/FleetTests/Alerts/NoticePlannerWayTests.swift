import Models
import Testing

@testable import Fleet

@Suite("That a way of telling is away is told over the other one")
struct NoticePlannerWayTests {
    private static let hook = "https://ops.example/hook"

    private static func alert(_ way: AlertNotice.Channel, resolved: String? = nil) throws -> Alert {
        var alert = try AlertSamples.alert(.critical, code: "outage.\(way.place)", resolved: resolved)
        (alert.key, alert.kind, alert.category, alert.atStake) = (way.absence, .outage, nil, [])
        return alert
    }

    /// `raised mail anna@example.com`, in the order of the plan.
    private static func lines(_ notices: [AlertNotice]) -> [String] {
        notices.map { "\($0.occasion.rawValue) \($0.channel.rawValue) \($0.recipient)" }
    }

    private static func plan(
        _ rules: [AlertRule], _ alert: Alert, notices: [AlertNotice] = [], webhook: String? = hook
    ) throws -> NoticePlan {
        try NoticeSamples.plan(rules, alert, notices: notices, now: "14:30:00", webhook: webhook)
    }

    private static func posting(_ name: String = "posts", mail: [String] = []) -> AlertRule {
        var rule = AlertSamples.rule(name, mail: mail)
        rule.webhook = true
        return rule
    }

    @Test("of the mail server the webhook hears, whether or not the rule posts, and nobody is called by mail")
    func mail() throws {
        for rule in [NoticeSamples.escalating(), Self.posting(mail: ["anna@example.com"])] {
            let plan = try Self.plan([rule], try Self.alert(.mail))
            #expect(Self.lines(plan.added) == ["raised webhook \(Self.hook)"])
        }
    }

    @Test("of the webhook those hear whom the rules mail, and are called by mail as ever")
    func webhook() throws {
        var rule = NoticeSamples.escalating()
        rule.webhook = true
        let plan = try Self.plan([rule], try Self.alert(.webhook))
        #expect(
            Self.lines(plan.added) == ["raised mail anna@example.com", "escalated mail boss@example.com"])
    }

    @Test("where no rule that fits names anybody there, all hear of it whom any rule names there")
    func everybody() throws {
        var catalogue = AlertSamples.rule("catalogue", mail: ["catalogue@example.com"])
        catalogue.when.codes = ["sku.*"]
        let away = try Self.plan([Self.posting(), catalogue], try Self.alert(.webhook))
        #expect(Self.lines(away.added) == ["raised mail catalogue@example.com"])
        let mail = try Self.plan([catalogue], try Self.alert(.mail))
        #expect(Self.lines(mail.added) == ["raised webhook \(Self.hook)"])
    }

    @Test("where there is no other way nothing is sent over the one that is away")
    func alone() throws {
        let mail = try Self.plan([AlertSamples.rule()], try Self.alert(.mail), webhook: nil)
        let webhook = try Self.plan([Self.posting()], try Self.alert(.webhook))
        #expect(mail.isEmpty && webhook.isEmpty)
    }

    @Test("its end is told over both ways: to who heard of it, and to those who could not")
    func ends() throws {
        var told = try NoticeSamples.notice(.raised, .sent, to: Self.hook, ended: "12:01:00")
        (told.alert, told.channel) = (AlertNotice.Channel.mail.absence, .webhook)
        let alert = try Self.alert(.mail, resolved: "14:30:00")
        let plan = try Self.plan([AlertSamples.rule()], alert, notices: [told])
        let expected = ["resolved webhook \(Self.hook)", "resolved mail anna@example.com"]
        #expect(Self.lines(plan.added) == expected)
        let alone = try Self.plan([AlertSamples.rule()], alert, webhook: nil)
        #expect(Self.lines(alone.added) == ["resolved mail anna@example.com"])
    }

    @Test("an outage of anything else goes the way that the rules say")
    func others() throws {
        var alert = try Self.alert(.mail)
        alert.key = "outage/erp"
        let plan = try Self.plan([AlertSamples.rule()], alert)
        #expect(Self.lines(plan.added) == ["raised mail anna@example.com"])
    }
}
