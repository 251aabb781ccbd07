import Models
import Testing

@testable import Fleet

@Suite("Who is told that an alert is over")
struct NoticePlannerEndTests {
    // MARK: - The end

    @Test("an alert that ends before its first mail was due is told to nobody")
    func endsUnsaid() throws {
        let notices = [
            try NoticeSamples.notice(.raised, .due),
            try NoticeSamples.notice(.escalated, .due, to: "boss@example.com", due: "14:00:00", number: 2),
        ]
        let plan = try NoticeSamples.plan(
            [NoticeSamples.escalating()], try AlertSamples.alert(resolved: "12:00:40"), notices: notices,
            now: "12:00:40")
        #expect(plan.dropped.map(\.number) == [1, 2])
        #expect(plan.dropped.allSatisfy { $0.reason == NoticePlanner.ended })
        #expect(plan.added.isEmpty && plan.rescheduled.isEmpty)
    }

    @Test("an alert that is over when it is first heard of is told to nobody")
    func overAtOnce() throws {
        #expect(try NoticeSamples.plan([AlertSamples.rule()], try AlertSamples.alert(resolved: "12:00:40")).isEmpty)
    }

    @Test("everybody who was told is told of the end, once")
    func resolved() throws {
        let notices = [
            try NoticeSamples.notice(.raised, .sent, ended: "12:01:00"),
            try NoticeSamples.notice(.again, .due, due: "15:00:00", number: 2),
            try NoticeSamples.notice(.escalated, .sent, to: "boss@example.com", ended: "14:00:00", number: 3),
            try NoticeSamples.notice(.raised, .refused, to: "gone@example.com", number: 4),
        ]
        let alert = try AlertSamples.alert(resolved: "14:30:00")
        let plan = try NoticeSamples.plan([NoticeSamples.escalating()], alert, notices: notices, now: "14:30:00")
        #expect(plan.dropped.map(\.number) == [2])
        let expected = ["resolved anna@example.com 14:30:00", "resolved boss@example.com 14:30:00"]
        #expect(NoticeSamples.lines(plan.added) == expected)
        let said =
            notices + [
                try NoticeSamples.notice(.resolved, .sent, ended: "14:30:00", number: 5),
                try NoticeSamples.notice(.resolved, .sent, to: "boss@example.com", ended: "14:30:00", number: 6),
            ]
        #expect(
            try NoticeSamples.plan([NoticeSamples.escalating()], alert, notices: said, now: "14:31:00").added.isEmpty)
    }

    @Test("who may have got a mail whose answer was lost is told of the end as well")
    func inFlight() throws {
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let notice = try NoticeSamples.notice(.raised, .due, attempts: 1, copies: 1)
        let plan = try NoticeSamples.plan([AlertSamples.rule()], alert, notices: [notice], now: "12:05:00")
        #expect(plan.dropped.map(\.number) == [1])
        #expect(NoticeSamples.lines(plan.added) == ["resolved anna@example.com 12:05:00"])
    }

    @Test("whoever surely got nothing, however often it was tried, is not told of the end")
    func inVain() throws {
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let notice = try NoticeSamples.notice(.raised, .due, attempts: 40)
        let plan = try NoticeSamples.plan([AlertSamples.rule()], alert, notices: [notice], now: "12:05:00")
        #expect(plan.dropped.map(\.number) == [1] && plan.added.isEmpty)
    }

    @Test("the end waits for the end of quiet hours, unless the alert was critical; a rule that is gone has none")
    func quietEnd() throws {
        let told = try NoticeSamples.notice(.raised, .sent, ended: "10:01:00")
        let rule = try NoticeSamples.rule(quiet: "11:00-14:00")
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let critical = try AlertSamples.alert(.critical, resolved: "12:05:00")
        let times = [
            try NoticeSamples.plan([rule], alert, notices: [told], now: "12:05:00"),
            try NoticeSamples.plan([rule], critical, notices: [told], now: "12:05:00"),
            try NoticeSamples.plan([], alert, notices: [told], now: "12:05:00"),
        ].flatMap { NoticeSamples.lines($0.added) }
        let expected = ["14:00:00", "12:05:00", "12:05:00"].map { "resolved anna@example.com \($0)" }
        #expect(times == expected)
    }

    @Test("an end that was none is not said")
    func endsNot() throws {
        let notices = [
            try NoticeSamples.notice(.raised, .sent, ended: "12:01:00"),
            try NoticeSamples.notice(.resolved, .due, due: "14:00:00", number: 2),
        ]
        let plan = try NoticeSamples.plan(
            [AlertSamples.rule()], try AlertSamples.alert(), notices: notices, now: "13:00:00")
        #expect(plan.dropped.map(\.number) == [2])
        #expect(plan.dropped.map(\.reason) == [NoticePlanner.goesOn])
    }

    // MARK: - Episodes that overlap

    @Test("what was due of an earlier episode whose end was never heard of is not said any more")
    func overtaken() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        let due = try NoticeSamples.notice(.raised, .due, number: 7)
        let plan = try NoticeSamples.plan(
            [AlertSamples.rule()], try AlertSamples.alert(), after: before, earlier: [due])
        #expect(plan.dropped.map(\.number) == [7])
        #expect(NoticeSamples.lines(plan.added) == ["raised anna@example.com 12:01:00"])
    }

    @Test("who was told of an episode whose end was never heard of is told of it, unless the next one is told to them")
    func endUnheard() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        var told = try NoticeSamples.notice(.raised, .sent, ended: "08:01:00", number: 7)
        told.episode = try AlertSamples.at("08:00:00")
        let plan = try NoticeSamples.plan(
            [AlertSamples.rule()], try AlertSamples.alert(), after: before, earlier: [told])
        let expected = ["resolved anna@example.com 12:00:00", "raised anna@example.com 12:01:00"]
        #expect(NoticeSamples.lines(plan.added) == expected)
        #expect(plan.added.map(\.episode) == [told.episode, try AlertSamples.at("12:00:00")])
    }

    @Test("who was told of an earlier episode is told of the end of a later one that nobody was told of")
    func endOfBoth() throws {
        let before = AlertRecord(try AlertSamples.alert(raised: "08:00:00"))
        let told = try NoticeSamples.notice(.raised, .sent, ended: "08:01:00", number: 7)
        let alert = try AlertSamples.alert(resolved: "12:05:00")
        let plan = try NoticeSamples.plan([AlertSamples.rule()], alert, after: before, earlier: [told], now: "12:05:00")
        #expect(NoticeSamples.lines(plan.added) == ["resolved anna@example.com 12:05:00"])
        #expect(plan.added.map(\.episode) == [try AlertSamples.at("12:00:00")])
    }
}
