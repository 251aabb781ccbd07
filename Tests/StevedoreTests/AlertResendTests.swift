import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What was refused is sent again by a person's word")
struct AlertResendTests {
    private static func rule(_ mail: String...) -> AlertRule {
        var rule = AlertRule(name: "purchasing")
        rule.mail = mail
        return rule
    }

    private static func order(_ rules: [AlertRule]) throws -> AlertResend {
        AlertResend(
            planner: NoticePlanner(rules: rules, webhook: nil, clock: .fixed(secondsEast: 0)), by: "anna",
            note: "the mailbox is back", now: try AlertsDesk.at("12:00:00"))
    }

    /// An open alert whose mail to anna was refused.
    private static func refuse(_ desk: AlertsDesk, _ key: String = "a") async throws {
        let notice = try AlertsDesk.notice(key, .raised, .refused, attempts: 1, reason: "550 no such mailbox.")
        try await desk.happen([try AlertsDesk.alert(key)], [notice])
    }

    private static func lines(_ notices: [AlertNotice]) -> [String] {
        notices.map { "\($0.occasion.rawValue) \($0.recipient) \($0.state.rawValue)" }
    }

    @Test("it is due now under a new id, who did it is written down, and once more does nothing")
    func again() async throws {
        try await AlertsDesk.with { desk in
            try await Self.refuse(desk)
            let order = try Self.order([Self.rule("Anna@example.com")])
            let outcome = try await desk.ledger.write { try $0.resend("a", order) }
            #expect(outcome.planned.count == 1 && outcome.added.isEmpty && outcome.left.isEmpty)
            #expect(outcome.text.hasPrefix("1 refused notice is due again; the alerts-worker sends what is due.\n"))
            let notice = try #require(try await desk.ledger.read { try $0.notices(of: "a") }.first)
            #expect(notice.state == .due && notice.dueAt == order.now && notice.attempts == 0)
            #expect(notice.message == nil && notice.endedAt == nil)
            #expect(notice.reason?.contains("anna sends it again; before: refused at") == true)
            #expect(notice.reason?.contains("550 no such mailbox.") == true)
            let again = try await desk.ledger.write { try $0.resend("a", order) }
            #expect(again.text == "Nothing that was refused has still to be said.\n")
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            let audit = actions.map { [$0.by, $0.action, $0.reason, $0.detail] }
            #expect(audit == [["anna", "resend", "the mailbox is back", "a: 1 notice by purchasing"]])
        }
    }

    @Test("of all alerts at once, and of none that is over but its end")
    func all() async throws {
        try await AlertsDesk.with { desk in
            try await Self.refuse(desk, "a")
            try await Self.refuse(desk, "b")
            let over = try AlertsDesk.alert("c", resolved: "11:30:00")
            let notices = [
                try AlertsDesk.notice("c", .raised, .refused), try AlertsDesk.notice("c", .resolved, .refused),
            ]
            try await desk.happen([over], notices)
            let order = try Self.order([Self.rule("anna@example.com")])
            let outcome = try await desk.ledger.write { try $0.resend(nil, order) }
            #expect(outcome.planned.map(\.alert) == ["a", "b", "c"])
            let ended = try await desk.ledger.read { try $0.notices(of: "c") }
            #expect(Self.lines(ended) == ["raised anna@example.com refused", "resolved anna@example.com due"])
        }
    }

    @Test("whom no rule names any more is left, and whom the rule names instead is told")
    func corrected() async throws {
        try await AlertsDesk.with { desk in
            try await Self.refuse(desk)
            let order = try Self.order([Self.rule("bob@example.com")])
            let outcome = try await desk.ledger.write { try $0.resend("a", order) }
            #expect(outcome.planned.isEmpty && outcome.left.count == 1)
            #expect(outcome.text.contains("no rule names them any more: anna@example.com."))
            let notices = try await desk.ledger.read { try $0.notices(of: "a") }
            #expect(Self.lines(notices) == ["raised anna@example.com refused", "raised bob@example.com due"])
            #expect(notices.last?.dueAt == order.now)
        }
    }

    @Test("list and page name the command, and only where something was refused")
    func hint() async throws {
        try await AlertsDesk.with { desk in
            let now = try AlertsDesk.at("12:00:00")
            try await Self.refuse(desk)
            let row = try #require(try await desk.rows().first)
            #expect(AlertListing(rows: [row], now: now).text(width: nil).contains("`stevedore alerts resend a`"))
            #expect(AlertPage(row: row).text(now: now).contains("`stevedore alerts resend a`"))
            let order = try Self.order([Self.rule("anna@example.com")])
            _ = try await desk.ledger.write { try $0.resend("a", order) }
            let later = try #require(try await desk.rows().first)
            #expect(!AlertListing(rows: [later], now: now).text(width: nil).contains("alerts resend"))
            #expect(!AlertPage(row: later).text(now: now).contains("alerts resend"))
        }
    }

    @Test("what was not tried yet says why: it gathers, or the rule's quiet hours go on")
    func holdup() throws {
        var rule = Self.rule("anna@example.com")
        var notice = try AlertsDesk.notice("a", due: "12:05:00")
        let now = try AlertsDesk.at("12:00:00")
        let clock = WallClock.fixed(secondsEast: 0)
        #expect(notice.holdup(by: [rule], .error, now: now, clock: clock) == "digest: waits 1m for more of the same")
        rule.quietHours = QuietHours("11:00-14:00")
        notice.dueAt = try AlertsDesk.at("14:00:00")
        #expect(notice.holdup(by: [rule], .error, now: now, clock: clock) == "quiet hours 11:00-14:00")
        #expect(notice.holdup(by: [], .error, now: now, clock: clock) == nil)
    }
}
