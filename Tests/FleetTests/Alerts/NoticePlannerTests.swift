import Models
import Testing

@testable import Fleet

@Suite("Who is told of an alert, and when")
struct NoticePlannerTests {
    private static func plan(
        _ rules: [AlertRule], _ alert: Alert, after previous: AlertRecord? = nil, notices: [AlertNotice] = [],
        earlier: [AlertNotice] = [], now: String = "12:00:00", webhook: String? = nil
    ) throws -> NoticePlan {
        NoticePlanner(rules: rules, webhook: webhook, clock: .fixed(secondsEast: 0)).plan(
            for: alert, after: previous, notices: notices, earlier: earlier, now: try AlertSamples.at(now))
    }

    /// A row of the alert's episode that began at 12.
    private static func notice(
        _ occasion: AlertNotice.Occasion, _ state: AlertNotice.State, to recipient: String = "anna@example.com",
        due: String = "12:01:00", ended: String? = nil, attempts: Int64 = 0, copies: Int64 = 0, number: Int64 = 1
    ) throws -> AlertNotice {
        AlertNotice(
            number: number, alert: "dead-letter/5f1d", episode: try AlertSamples.at("12:00:00"), rule: "all",
            occasion: occasion, channel: .mail, recipient: recipient, dueAt: try AlertSamples.at(due), state: state,
            attempts: attempts, copies: copies, endedAt: try ended.map { try AlertSamples.at($0) })
    }

    /// `raised anna@example.com 12:01:00`, in the order of the plan.
    private static func lines(_ notices: [AlertNotice]) -> [String] {
        notices.map { notice in
            let time = Timestamp(microseconds: notice.dueAt)?.description.split(separator: "T").last ?? ""
            return "\(notice.occasion.rawValue) \(notice.recipient) \(time.dropLast())"
        }
    }

    private static func rule(quiet hours: String) throws -> AlertRule {
        var rule = AlertSamples.rule()
        rule.quietHours = QuietHours(hours)
        return rule
    }

    private static func escalating() -> AlertRule {
        var rule = AlertSamples.rule()
        rule.escalation = AlertRule.Escalation(after: .seconds(7_200), mail: ["boss@example.com"])
        return rule
    }

    // MARK: - The beginning

    @Test("everybody whom a rule names is told once its digest is over")
    func beginning() throws {
        var rule = AlertSamples.rule(mail: ["anna@example.com", "bob@example.com"])
        rule.webhook = true
        let plan = try Self.plan([rule], try AlertSamples.alert(), webhook: "https://ops.example/hook")
        let expected = [
            "raised anna@example.com 12:01:00", "raised bob@example.com 12:01:00",
            "raised https://ops.example/hook 12:01:00",
        ]
        #expect(Self.lines(plan.added) == expected)
        #expect(plan.added.map(\.channel) == [.mail, .mail, .webhook])
        #expect(plan.dropped.isEmpty && plan.rescheduled.isEmpty)
    }

    @Test("a rule that is for other alerts, and a webhook without an address, tell nobody")
    func notMeant() throws {
        var rule = AlertSamples.rule()
        rule.when.codes = ["price.*"]
        var post = AlertSamples.rule("post", mail: [])
        post.webhook = true
        #expect(try Self.plan([rule, post], try AlertSamples.alert()).isEmpty)
    }

    @Test("a recipient whom several rules name is told once, by the one that is due first")
    func once() throws {
        var slow = AlertSamples.rule("slow", mail: ["Anna@Example.com"])
        slow.digest = .seconds(600)
        let plan = try Self.plan([slow, AlertSamples.rule("fast")], try AlertSamples.alert())
        #expect(Self.lines(plan.added) == ["raised anna@example.com 12:01:00"])
        #expect(plan.added.map(\.rule) == ["fast"])
    }

    @Test("what falls into quiet hours is said at their end, unless it is critical")
    func quietHours() throws {
        let rule = try Self.rule(quiet: "11:00-14:00")
        #expect(
            Self.lines(try Self.plan([rule], try AlertSamples.alert()).added) == ["raised anna@example.com 14:00:00"])
        let critical = try Self.plan([rule], try AlertSamples.alert(.critical))
        #expect(Self.lines(critical.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("an alert that turns critical in quiet hours is said at once after all")
    func turnsCritical() throws {
        let rule = try Self.rule(quiet: "11:00-14:00")
        let waiting = try Self.notice(.raised, .due, due: "14:00:00")
        let plan = try Self.plan([rule], try AlertSamples.alert(.critical), notices: [waiting], now: "12:30:00")
        #expect(plan.added.isEmpty && plan.dropped.isEmpty)
        #expect(Self.lines(plan.rescheduled) == ["raised anna@example.com 12:31:00"])
        let tried = try Self.notice(.raised, .due, due: "14:00:00", attempts: 1)
        #expect(
            try Self.plan([rule], try AlertSamples.alert(.critical), notices: [tried], now: "12:30:00").isEmpty)
    }

    @Test("the same episode again tells nobody twice")
    func sameAgain() throws {
        let due = try Self.notice(.raised, .due)
        let alert = try AlertSamples.alert(last: "12:00:30")
        #expect(try Self.plan([AlertSamples.rule()], alert, notices: [due], now: "12:00:30").isEmpty)
        let refused = try Self.notice(.raised, .refused)
        #expect(try Self.plan([AlertSamples.rule()], alert, notices: [refused], now: "12:00:30").isEmpty)
    }

    @Test("who is named only by a rule that counts from now on is told now")
    func matchesNow() throws {
        var boss = AlertSamples.rule("worst", mail: ["boss@example.com", "anna@example.com"])
        boss.when.severity = .critical
        let told = try Self.notice(.raised, .sent, ended: "12:01:00")
        let plan = try Self.plan(
            [AlertSamples.rule(), boss], try AlertSamples.alert(.critical), notices: [told], now: "12:10:00")
        #expect(Self.lines(plan.added) == ["raised boss@example.com 12:11:00"])
    }

    // MARK: - Again

    @Test("what happens again is said once when the quiet time is over")
    func again() throws {
        let told = try Self.notice(.raised, .sent, ended: "12:01:00")
        var rule = AlertSamples.rule()
        rule.quietAfter = .seconds(3_600)
        let alert = try AlertSamples.alert(last: "12:20:00")
        let plan = try Self.plan([rule], alert, notices: [told], now: "12:20:00")
        #expect(Self.lines(plan.added) == ["again anna@example.com 13:01:00"])
        let due = try Self.notice(.again, .due, due: "13:01:00", number: 2)
        #expect(try Self.plan([rule], alert, notices: [told, due], now: "12:30:00").isEmpty)
        let late = try Self.plan([rule], try AlertSamples.alert(last: "15:00:00"), notices: [told], now: "15:00:00")
        #expect(Self.lines(late.added) == ["again anna@example.com 15:01:00"])
    }

    @Test("what has not happened again is not said again")
    func notAgain() throws {
        let told = try Self.notice(.raised, .sent, ended: "12:01:00")
        let alert = try AlertSamples.alert(last: "12:00:30")
        #expect(try Self.plan([AlertSamples.rule()], alert, notices: [told], now: "18:00:00").isEmpty)
    }

    @Test("the quiet time counts from the last mail, whatever it said")
    func afterAgain() throws {
        let notices = [
            try Self.notice(.raised, .sent, ended: "12:01:00"),
            try Self.notice(.again, .sent, due: "13:01:00", ended: "13:01:00", number: 2),
        ]
        var rule = AlertSamples.rule()
        rule.quietAfter = .seconds(3_600)
        let plan = try Self.plan([rule], try AlertSamples.alert(last: "13:05:00"), notices: notices, now: "13:05:00")
        #expect(Self.lines(plan.added) == ["again anna@example.com 14:01:00"])
    }

    // MARK: - Nobody acts

    @Test("others are called when nobody has acted for so long since the beginning")
    func escalation() throws {
        let plan = try Self.plan([Self.escalating()], try AlertSamples.alert())
        let expected = ["raised anna@example.com 12:01:00", "escalated boss@example.com 14:00:00"]
        #expect(Self.lines(plan.added) == expected)
    }

    @Test("an alert that comes late calls nobody before its digest is over")
    func lateEscalation() throws {
        let plan = try Self.plan([Self.escalating()], try AlertSamples.alert(), now: "18:00:00")
        let expected = ["raised anna@example.com 18:01:00", "escalated boss@example.com 18:01:00"]
        #expect(Self.lines(plan.added) == expected)
    }

    @Test("a call in quiet hours waits for their end, unless the alert is critical")
    func quietEscalation() throws {
        var rule = Self.escalating()
        rule.quietHours = QuietHours("13:00-17:00")
        let plan = try Self.plan([rule], try AlertSamples.alert())
        #expect(Self.lines(plan.added).last == "escalated boss@example.com 17:00:00")
        let critical = try Self.plan([rule], try AlertSamples.alert(.critical))
        #expect(Self.lines(critical.added).last == "escalated boss@example.com 14:00:00")
    }

    @Test("nobody is called when somebody looks after it, and the mail says who")
    func attended() throws {
        let call = try Self.notice(.escalated, .due, to: "boss@example.com", due: "14:00:00", number: 2)
        let told = try Self.notice(.raised, .sent, ended: "12:01:00")
        let owned = try Self.plan(
            [Self.escalating()], try AlertSamples.alert(owner: "anna"), notices: [told, call], now: "12:30:00")
        #expect(owned.dropped.map(\.reason) == ["anna looks after it"])
        #expect(owned.dropped.map(\.number) == [2] && owned.added.isEmpty)
        let record = AlertRecord(try AlertSamples.alert(), acknowledgedBy: "bob")
        let noted = try Self.plan([Self.escalating()], try AlertSamples.alert(), after: record, notices: [told, call])
        #expect(noted.dropped.map(\.reason) == ["bob looks after it"])
        let fresh = try Self.plan([Self.escalating()], try AlertSamples.alert(), after: record)
        #expect(Self.lines(fresh.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("who looked after an earlier episode does not look after this one")
    func anotherEpisode() throws {
        let record = AlertRecord(try AlertSamples.alert(raised: "08:00:00"), acknowledgedBy: "bob")
        let plan = try Self.plan([Self.escalating()], try AlertSamples.alert(), after: record)
        #expect(plan.added.map(\.occasion) == [.raised, .escalated])
    }

    @Test("when nobody looks after it any more, others are called after all")
    func leftAlone() throws {
        let call = try Self.notice(.escalated, .dropped, to: "boss@example.com", due: "14:00:00", number: 2)
        let told = try Self.notice(.raised, .sent, ended: "12:01:00")
        let plan = try Self.plan(
            [Self.escalating()], try AlertSamples.alert(), notices: [told, call], now: "13:00:00")
        #expect(Self.lines(plan.rescheduled) == ["escalated boss@example.com 14:00:00"])
        #expect(plan.added.isEmpty)
    }

    // MARK: - The end

    @Test("an alert that ends before its first mail was due is told to nobody")
    func endsUnsaid() throws {
        let notices = [
            try Self.notice(.raised, .due),
            try Self.notice(.escalated, .due, to: "boss@example.com", due: "14:00:00", number: 2),
        ]
        let plan = try Self.plan(
            [Self.escalating()], try AlertSamples.alert(resolved: "12:00:40"), notices: notices, now: "12:00:40")
        #expect(plan.dropped.map(\.number) == [1, 2])
        #expect(plan.dropped.allSatisfy { $0.reason == NoticePlanner.ended })
        #expect(plan.added.isEmpty && plan.rescheduled.isEmpty)
    }

    @Test("an alert that is over when it is first heard of is told to nobody")
    func overAtOnce() throws {
        #expect(try Self.plan([AlertSamples.rule()], try AlertSamples.alert(resolved: "12:00:40")).isEmpty)
    }

    @Test("everybody who was told is told of the end, once")
    func resolved() throws {
        let notices = [
            try Self.notice(.raised, .sent, ended: "12:01:00"),
            try Self.notice(.again, .due, due: "15:00:00", number: 2),
            try Self.notice(.escalated, .sent, to: "boss@example.com", ended: "14:00:00", number: 3),
            try Self.notice(.raised, .refused, to: "gone@example.com", number: 4),
        ]
        let alert = try AlertSamples.alert(resolved: "14:30:00")
        let plan = try Self.plan([Self.escalating()], alert, notices: notices, now: "14:30:00")
        #expect(plan.dropped.map(\.number) == [2])
        let expected = ["resolved anna@example.com 14:30:00", "resolved boss@example.com 14:30:00"]
        #expect(Self.lines(plan.added) == expected)
        let said =
            notices + [
                try Self.notice(.resolved, .sent, ended: "14:30:00", number: 5),
                try Self.notice(.resolved, .sent, to: "boss@example.com", ended: "14:30:00", number: 6),
            ]
        #expect(try Self.plan([Self.escalating()], alert, notices: said, now: "14:31:00").added.isEmpty)
    }

    @Test("who may have got a mail whose answer was lost is told of the end as well")
    func inFlight() throws {
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let notice = try Self.notice(.raised, .due, attempts: 1, copies: 1)
        let plan = try Self.plan([AlertSamples.rule()], alert, notices: [notice], now: "12:05:00")
        #expect(plan.dropped.map(\.number) == [1])
        #expect(Self.lines(plan.added) == ["resolved anna@example.com 12:05:00"])
    }

    @Test("whoever surely got nothing, however often it was tried, is not told of the end")
    func inVain() throws {
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let notice = try Self.notice(.raised, .due, attempts: 40)
        let plan = try Self.plan([AlertSamples.rule()], alert, notices: [notice], now: "12:05:00")
        #expect(plan.dropped.map(\.number) == [1] && plan.added.isEmpty)
    }

    @Test("the end waits for the end of quiet hours, unless the alert was critical; a rule that is gone has none")
    func quietEnd() throws {
        let told = try Self.notice(.raised, .sent, ended: "10:01:00")
        let rule = try Self.rule(quiet: "11:00-14:00")
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let critical = try AlertSamples.alert(.critical, resolved: "12:05:00")
        let times = [
            try Self.plan([rule], alert, notices: [told], now: "12:05:00"),
            try Self.plan([rule], critical, notices: [told], now: "12:05:00"),
            try Self.plan([], alert, notices: [told], now: "12:05:00"),
        ].flatMap { Self.lines($0.added) }
        let expected = ["14:00:00", "12:05:00", "12:05:00"].map { "resolved anna@example.com \($0)" }
        #expect(times == expected)
    }

    @Test("an end that was none is not said")
    func endsNot() throws {
        let notices = [
            try Self.notice(.raised, .sent, ended: "12:01:00"),
            try Self.notice(.resolved, .due, due: "14:00:00", number: 2),
        ]
        let plan = try Self.plan([AlertSamples.rule()], try AlertSamples.alert(), notices: notices, now: "13:00:00")
        #expect(plan.dropped.map(\.number) == [2])
        #expect(plan.dropped.map(\.reason) == [NoticePlanner.goesOn])
    }

    // MARK: - Episodes that overlap

    @Test("what was due of an earlier episode whose end was never heard of is not said any more")
    func overtaken() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        let due = try Self.notice(.raised, .due, number: 7)
        let plan = try Self.plan([AlertSamples.rule()], try AlertSamples.alert(), after: before, earlier: [due])
        #expect(plan.dropped.map(\.number) == [7])
        #expect(Self.lines(plan.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("who was told of an episode whose end was never heard of is told of it, unless the next one is told to them")
    func endUnheard() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        var told = try Self.notice(.raised, .sent, ended: "08:01:00", number: 7)
        told.episode = try AlertSamples.at("08:00:00")
        let plan = try Self.plan([AlertSamples.rule()], try AlertSamples.alert(), after: before, earlier: [told])
        let expected = ["resolved anna@example.com 12:00:00", "raised anna@example.com 12:01:00"]
        #expect(Self.lines(plan.added) == expected)
        #expect(plan.added.map(\.episode) == [told.episode, try AlertSamples.at("12:00:00")])
    }

    @Test("who was told of an earlier episode is told of the end of a later one that nobody was told of")
    func endOfBoth() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        let told = try Self.notice(.raised, .sent, ended: "08:01:00", number: 7)
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let plan = try Self.plan([AlertSamples.rule()], alert, after: before, earlier: [told], now: "12:05:00")
        #expect(Self.lines(plan.added) == ["resolved anna@example.com 12:05:00"])
        #expect(plan.added.map(\.episode) == [try AlertSamples.at("12:00:00")])
    }
}
