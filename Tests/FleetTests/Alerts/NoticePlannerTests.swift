import Models
import Testing

@testable import Fleet

@Suite("Who is told of an alert, and when")
struct NoticePlannerTests {
    // MARK: - The beginning

    @Test("everybody whom a rule names is told once its digest is over")
    func beginning() throws {
        var rule = AlertSamples.rule(mail: ["anna@example.com", "bob@example.com"])
        rule.webhook = true
        let plan = try NoticeSamples.plan([rule], try AlertSamples.alert(), webhook: "https://ops.example/hook")
        let expected = [
            "raised anna@example.com 12:01:00", "raised bob@example.com 12:01:00",
            "raised https://ops.example/hook 12:01:00",
        ]
        #expect(NoticeSamples.lines(plan.added) == expected)
        #expect(plan.added.map(\.channel) == [.mail, .mail, .webhook])
        #expect(plan.dropped.isEmpty && plan.rescheduled.isEmpty)
    }

    @Test("a rule that is for other alerts, and a webhook without an address, tell nobody")
    func notMeant() throws {
        var rule = AlertSamples.rule()
        rule.when.codes = ["price.*"]
        var post = AlertSamples.rule("post", mail: [])
        post.webhook = true
        #expect(try NoticeSamples.plan([rule, post], try AlertSamples.alert()).isEmpty)
    }

    @Test("a recipient whom several rules name is told once, by the one that is due first")
    func once() throws {
        var slow = AlertSamples.rule("slow", mail: ["Anna@Example.com"])
        slow.digest = .seconds(600)
        let plan = try NoticeSamples.plan([slow, AlertSamples.rule("fast")], try AlertSamples.alert())
        #expect(NoticeSamples.lines(plan.added) == ["raised anna@example.com 12:01:00"])
        #expect(plan.added.map(\.rule) == ["fast"])
    }

    @Test("what falls into quiet hours is said at their end, unless it is critical")
    func quietHours() throws {
        let rule = try NoticeSamples.rule(quiet: "11:00-14:00")
        #expect(
            NoticeSamples.lines(try NoticeSamples.plan([rule], try AlertSamples.alert()).added) == [
                "raised anna@example.com 14:00:00"
            ])
        let critical = try NoticeSamples.plan([rule], try AlertSamples.alert(.critical))
        #expect(NoticeSamples.lines(critical.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("an alert that turns critical in quiet hours is said at once after all")
    func turnsCritical() throws {
        let rule = try NoticeSamples.rule(quiet: "11:00-14:00")
        let waiting = try NoticeSamples.notice(.raised, .due, due: "14:00:00")
        let plan = try NoticeSamples.plan(
            [rule], try AlertSamples.alert(.critical), notices: [waiting], now: "12:30:00")
        #expect(plan.added.isEmpty && plan.dropped.isEmpty)
        #expect(NoticeSamples.lines(plan.rescheduled) == ["raised anna@example.com 12:31:00"])
        let tried = try NoticeSamples.notice(.raised, .due, due: "14:00:00", attempts: 1)
        #expect(
            try NoticeSamples.plan([rule], try AlertSamples.alert(.critical), notices: [tried], now: "12:30:00").isEmpty
        )
    }

    @Test("the same episode again tells nobody twice")
    func sameAgain() throws {
        let due = try NoticeSamples.notice(.raised, .due)
        let alert = try AlertSamples.alert(last: "12:00:30")
        #expect(try NoticeSamples.plan([AlertSamples.rule()], alert, notices: [due], now: "12:00:30").isEmpty)
        let refused = try NoticeSamples.notice(.raised, .refused)
        #expect(try NoticeSamples.plan([AlertSamples.rule()], alert, notices: [refused], now: "12:00:30").isEmpty)
    }

    @Test("who is named only by a rule that counts from now on is told now")
    func matchesNow() throws {
        var boss = AlertSamples.rule("worst", mail: ["boss@example.com", "anna@example.com"])
        boss.when.severity = .critical
        let told = try NoticeSamples.notice(.raised, .sent, ended: "12:01:00")
        let plan = try NoticeSamples.plan(
            [AlertSamples.rule(), boss], try AlertSamples.alert(.critical), notices: [told], now: "12:10:00")
        #expect(NoticeSamples.lines(plan.added) == ["raised boss@example.com 12:11:00"])
    }

    // MARK: - Again

    @Test("what happens again is said once when the quiet time is over")
    func again() throws {
        let told = try NoticeSamples.notice(.raised, .sent, ended: "12:01:00")
        var rule = AlertSamples.rule()
        rule.quietAfter = .seconds(3_600)
        let alert = try AlertSamples.alert(last: "12:20:00")
        let plan = try NoticeSamples.plan([rule], alert, notices: [told], now: "12:20:00")
        #expect(NoticeSamples.lines(plan.added) == ["again anna@example.com 13:01:00"])
        let due = try NoticeSamples.notice(.again, .due, due: "13:01:00", number: 2)
        #expect(try NoticeSamples.plan([rule], alert, notices: [told, due], now: "12:30:00").isEmpty)
        let late = try NoticeSamples.plan(
            [rule], try AlertSamples.alert(last: "15:00:00"), notices: [told], now: "15:00:00")
        #expect(NoticeSamples.lines(late.added) == ["again anna@example.com 15:01:00"])
    }

    @Test("what has not happened again is not said again")
    func notAgain() throws {
        let told = try NoticeSamples.notice(.raised, .sent, ended: "12:01:00")
        let alert = try AlertSamples.alert(last: "12:00:30")
        #expect(try NoticeSamples.plan([AlertSamples.rule()], alert, notices: [told], now: "18:00:00").isEmpty)
    }

    @Test("the quiet time counts from the last mail, whatever it said")
    func afterAgain() throws {
        let notices = [
            try NoticeSamples.notice(.raised, .sent, ended: "12:01:00"),
            try NoticeSamples.notice(.again, .sent, due: "13:01:00", ended: "13:01:00", number: 2),
        ]
        var rule = AlertSamples.rule()
        rule.quietAfter = .seconds(3_600)
        let plan = try NoticeSamples.plan(
            [rule], try AlertSamples.alert(last: "13:05:00"), notices: notices, now: "13:05:00")
        #expect(NoticeSamples.lines(plan.added) == ["again anna@example.com 14:01:00"])
    }

    // MARK: - Nobody acts

    @Test("others are called when nobody has acted for so long since the first mail")
    func escalation() throws {
        let plan = try NoticeSamples.plan([NoticeSamples.escalating()], try AlertSamples.alert())
        let expected = ["raised anna@example.com 12:01:00", "escalated boss@example.com 14:01:00"]
        #expect(NoticeSamples.lines(plan.added) == expected)
        let due = try NoticeSamples.notice(.raised, .due)
        let call = try NoticeSamples.notice(.escalated, .due, to: "boss@example.com", due: "14:01:00", number: 2)
        let again = try NoticeSamples.plan(
            [NoticeSamples.escalating()], try AlertSamples.alert(last: "12:00:30"), notices: [due, call],
            now: "12:00:30")
        #expect(again.isEmpty)
    }

    @Test("an alert of what began hours ago leaves all the time after its first mail")
    func lateEscalation() throws {
        let plan = try NoticeSamples.plan([NoticeSamples.escalating()], try AlertSamples.alert(), now: "18:00:00")
        let expected = ["raised anna@example.com 18:01:00", "escalated boss@example.com 20:01:00"]
        #expect(NoticeSamples.lines(plan.added) == expected)
    }

    @Test("nobody is called in the moment in which quiet hours end and the first mail goes out")
    func escalationAfterQuietHours() throws {
        var rule = NoticeSamples.escalating()
        rule.quietHours = QuietHours("11:00-17:00")
        let plan = try NoticeSamples.plan([rule], try AlertSamples.alert())
        let expected = ["raised anna@example.com 17:00:00", "escalated boss@example.com 19:00:00"]
        #expect(NoticeSamples.lines(plan.added) == expected)
    }

    @Test("a call in quiet hours waits for their end, unless the alert is critical")
    func quietEscalation() throws {
        var rule = NoticeSamples.escalating()
        rule.quietHours = QuietHours("13:00-17:00")
        let plan = try NoticeSamples.plan([rule], try AlertSamples.alert())
        #expect(NoticeSamples.lines(plan.added).last == "escalated boss@example.com 17:00:00")
        let critical = try NoticeSamples.plan([rule], try AlertSamples.alert(.critical))
        #expect(NoticeSamples.lines(critical.added).last == "escalated boss@example.com 14:01:00")
    }

    @Test("nobody is called when somebody looks after it, and the mail says who")
    func attended() throws {
        let call = try NoticeSamples.notice(.escalated, .due, to: "boss@example.com", due: "14:00:00", number: 2)
        let told = try NoticeSamples.notice(.raised, .sent, ended: "12:01:00")
        let owned = try NoticeSamples.plan(
            [NoticeSamples.escalating()], try AlertSamples.alert(owner: "anna"), notices: [told, call], now: "12:30:00")
        #expect(owned.dropped.map(\.reason) == ["anna looks after it"])
        #expect(owned.dropped.map(\.number) == [2] && owned.added.isEmpty)
        let record = AlertRecord(try AlertSamples.alert(), acknowledgedBy: "bob")
        let noted = try NoticeSamples.plan(
            [NoticeSamples.escalating()], try AlertSamples.alert(), after: record, notices: [told, call])
        #expect(noted.dropped.map(\.reason) == ["bob looks after it"])
        let fresh = try NoticeSamples.plan([NoticeSamples.escalating()], try AlertSamples.alert(), after: record)
        #expect(NoticeSamples.lines(fresh.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("who looked after an earlier episode does not look after this one")
    func anotherEpisode() throws {
        let record = AlertRecord(try AlertSamples.alert(raised: "08:00:00"), acknowledgedBy: "bob")
        let plan = try NoticeSamples.plan([NoticeSamples.escalating()], try AlertSamples.alert(), after: record)
        #expect(plan.added.map(\.occasion) == [.raised, .escalated])
    }

    @Test("when nobody looks after it any more, others are called after all")
    func leftAlone() throws {
        let call = try NoticeSamples.notice(.escalated, .dropped, to: "boss@example.com", due: "14:00:00", number: 2)
        let told = try NoticeSamples.notice(.raised, .sent, ended: "12:01:00")
        let plan = try NoticeSamples.plan(
            [NoticeSamples.escalating()], try AlertSamples.alert(), notices: [told, call], now: "13:00:00")
        #expect(NoticeSamples.lines(plan.rescheduled) == ["escalated boss@example.com 14:01:00"])
        #expect(plan.added.isEmpty)
    }
}
