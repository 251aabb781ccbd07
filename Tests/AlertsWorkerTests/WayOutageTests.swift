import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Outages of the ways over which people are told")
struct WayOutageTests {
    private static let hook = "https://ops.example/hook"
    private static let away = Failure(
        code: "mail.not-sent.refused", category: .unavailable, sentence: "Nobody answers.", remedy: "Start it.")

    /// Looks as an alerts-worker whose one rule mails anna and, where that is said, posts.
    private static func watchman(_ desk: WatchDesk, posts: Bool) -> Watchman {
        var rule = AlertRule(name: "all")
        (rule.mail, rule.webhook) = (["anna@example.com"], posts)
        let planner = NoticePlanner(rules: [rule], webhook: hook, clock: .fixed(secondsEast: 0))
        return Watchman(
            ledger: desk.ledger, book: AlertBook(planner: planner), posts: desk.watchman.posts,
            logger: desk.watchman.logger)
    }

    private static func change(_ desk: WatchDesk, _ body: @escaping @Sendable (inout Outage) -> Void) async throws {
        try await desk.ledger.write { transaction in
            var outage = try #require(try transaction.outage(number: 1))
            body(&outage)
            try transaction.save(outage)
        }
    }

    /// From 0 on, seen last at that second.
    private static func begin(_ way: AlertNotice.Channel, _ desk: WatchDesk, seen: Int64) async throws {
        try await desk.ledger.write { transaction in
            _ = try transaction.noteAbsence(of: way.destination.rawValue, because: Self.away, at: WatchDesk.at(0))
        }
        try await change(desk) { $0.probed(by: "w-1", Self.away, at: WatchDesk.at(seen)) }
    }

    private static func end(_ desk: WatchDesk, at seconds: Int64) async throws {
        try await change(desk) { outage in
            outage.probed(by: "w-1", nil, at: WatchDesk.at(seconds - 1))
            outage.ended(at: WatchDesk.at(seconds))
        }
    }

    /// Sends what is due at that second on a channel, each notice as a letter of that id.
    private static func send(
        _ channel: AlertNotice.Channel, _ desk: WatchDesk, at seconds: Int64, as message: String
    ) async throws {
        try await desk.ledger.write { transaction in
            for notice in try transaction.dueNotices(at: WatchDesk.at(seconds), limit: 50) {
                guard notice.channel == channel else { continue }
                try transaction.end(notice, as: .sent, message: message, now: WatchDesk.at(seconds))
            }
        }
    }

    /// Notices of another alert wait for a mail from that second on.
    private static func wait(_ number: Int, _ desk: WatchDesk, since seconds: Int64) async throws {
        try await desk.ledger.write { transaction in
            try transaction.add(
                AlertNotice(
                    alert: "dead-letter/\(number)", episode: 1, rule: "all", occasion: .raised, channel: .mail,
                    recipient: "anna@example.com", dueAt: WatchDesk.at(seconds)))
        }
    }

    private static func notices(_ desk: WatchDesk, _ way: AlertNotice.Channel) async throws -> [String] {
        try await desk.ledger.read { try $0.notices(of: way.absence) }.map {
            "\($0.occasion.rawValue) \($0.channel.rawValue) \($0.state.rawValue)"
        }
    }

    private static func alert(_ desk: WatchDesk, _ way: AlertNotice.Channel) async throws -> Alert? {
        try await desk.ledger.read { try $0.alert(key: way.absence)?.alert }
    }

    @Test("a moment is no outage; what is away for longer is told over the webhook alone")
    func mail() async throws {
        try await WatchDesk.with { desk in
            let watchman = Self.watchman(desk, posts: false)
            try await Self.begin(.mail, desk, seen: 119)
            #expect(try await watchman.look(at: WatchDesk.at(119)) == 0)
            try await Self.change(desk) { $0.probed(by: "w-1", Self.away, at: WatchDesk.at(131)) }
            #expect(try await watchman.look(at: WatchDesk.at(132)) == 1)
            let alert = try #require(try await Self.alert(desk, .mail))
            #expect(alert.code == "outage.mail" && alert.severity == .critical && alert.state == .open)
            #expect(alert.sentence.hasPrefix("The mail server cannot be reached"))
            #expect(alert.sentence.contains("Nobody answers."))
            let told = try await Self.notices(desk, .mail)
            #expect(told == ["raised webhook due"])
            // As long as no mail has gone through, it is away, whether or not one is due. The broker has the alert.
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM outbox") }
            #expect(try await watchman.look(at: WatchDesk.at(900)) == 0)
        }
    }

    @Test("the mail itself says from when to when it was, and how many mails were late, when all have gone out")
    func mailIsBack() async throws {
        try await WatchDesk.with { desk in
            let watchman = Self.watchman(desk, posts: true)
            try await Self.wait(1, desk, since: -100)
            try await Self.send(.mail, desk, at: -50, as: "m-0")
            for number in 2...4 { try await Self.wait(number, desk, since: 50) }
            try await Self.begin(.mail, desk, seen: 131)
            _ = try await watchman.look(at: WatchDesk.at(132))
            try await Self.send(.webhook, desk, at: 195, as: "p-1")
            try await Self.end(desk, at: 200)
            // The three make one mail; another one is due only after the end.
            try await Self.send(.mail, desk, at: 201, as: "m-1")
            try await Self.wait(5, desk, since: 202)
            try await Self.send(.mail, desk, at: 203, as: "m-2")
            try await desk.ledger.write { try $0.noteBacklog(of: 1, ready: [:], at: WatchDesk.at(210)) }
            #expect(try await watchman.look(at: WatchDesk.at(250)) == 1)
            let alert = try #require(try await Self.alert(desk, .mail))
            let (start, end) = (OutageReport.time(WatchDesk.at(0)), OutageReport.time(WatchDesk.at(200)))
            #expect(alert.state == .resolved)
            #expect(alert.sentence.contains("Nothing went out from \(start) to \(end): 1 mail was late"))
            let told = try await Self.notices(desk, .mail)
            #expect(told == ["raised webhook sent", "resolved webhook due", "resolved mail due"])
            let toldAt = try await desk.ledger.read { try $0.outage(number: 1)?.toldAt }
            #expect(toldAt == WatchDesk.at(250))
        }
    }

    @Test("that mail goes out though nothing was said by mail before, and an earlier outage's end was")
    func ownEnd() async throws {
        try await WatchDesk.with { desk in
            let watchman = Self.watchman(desk, posts: false)
            try await desk.ledger.write { transaction in
                try transaction.add(
                    AlertNotice(
                        alert: AlertNotice.Channel.mail.absence, episode: 1, rule: "all", occasion: .resolved,
                        channel: .mail, recipient: "anna@example.com", dueAt: 1, state: .sent, message: "old"))
            }
            try await Self.begin(.mail, desk, seen: 131)
            _ = try await watchman.look(at: WatchDesk.at(132))
            try await Self.end(desk, at: 200)
            try await desk.ledger.write { try $0.noteBacklog(of: 1, ready: [:], at: WatchDesk.at(210)) }
            _ = try await watchman.look(at: WatchDesk.at(250))
            let letter = try await desk.ledger.write { transaction in
                let parcel = try transaction.dueParcels(on: .mail, at: WatchDesk.at(251), limit: 5).first
                return try parcel.flatMap { try transaction.pack($0, as: "new", now: WatchDesk.at(251)) }
            }
            #expect(letter?.items.map(\.occasion) == [.resolved] && letter?.recipient == "anna@example.com")
        }
    }

    @Test("of the receiver of alerts people hear by mail, and it hears of its own outage at the end")
    func webhook() async throws {
        try await WatchDesk.with { desk in
            let watchman = Self.watchman(desk, posts: true)
            try await Self.begin(.webhook, desk, seen: 131)
            _ = try await watchman.look(at: WatchDesk.at(132))
            let raised = try await Self.notices(desk, .webhook)
            #expect(raised == ["raised mail due"])
            try await Self.send(.mail, desk, at: 195, as: "m-1")
            try await Self.end(desk, at: 200)
            try await desk.ledger.write { try $0.noteBacklog(of: 1, ready: [:], at: WatchDesk.at(210)) }
            _ = try await watchman.look(at: WatchDesk.at(250))
            let alert = try #require(try await Self.alert(desk, .webhook))
            #expect(alert.code == "outage.alert-webhook" && alert.sentence.contains("nothing was due meanwhile"))
            let ended = try await Self.notices(desk, .webhook)
            #expect(ended == ["raised mail sent", "resolved mail due", "resolved webhook due"])
        }
    }

    @Test("in a planned window nothing is raised")
    func planned() async throws {
        try await WatchDesk.with { desk in
            try await Self.begin(.mail, desk, seen: 131)
            try await desk.ledger.write { transaction in
                _ = try transaction.execute(
                    """
                    INSERT INTO maintenance_window
                        (number, destination, starts_at, ends_at, planned_at, planned_by, reason)
                    VALUES (1, 'mail', ?, ?, ?, 'anna', 'A new server.')
                    """, .integer(WatchDesk.at(-10)), .integer(WatchDesk.at(600)), .integer(WatchDesk.at(-20)))
            }
            let said = try await Self.watchman(desk, posts: true).look(at: WatchDesk.at(200))
            #expect(said == 0)
        }
    }
}
