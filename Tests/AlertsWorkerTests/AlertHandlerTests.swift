import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Handling of alert.raised.v1")
struct AlertHandlerTests {
    private static let start: Int64 = 1_773_144_000_000_000
    private static let minute: Int64 = 60_000_000

    private static func alert(
        revision: Int64 = 1, at moment: Int64 = AlertHandlerTests.start, resolved: Int64? = nil
    ) throws -> Alert {
        Alert(
            key: "outage/erp", revision: revision, state: resolved == nil ? .open : .resolved, kind: .outage,
            severity: .error, code: "outage.erp", sentence: "The ERP is away.", remedy: "Start it.",
            raisedAt: try time(moment), lastAt: try time(moment), resolvedAt: try resolved.map { try time($0) })
    }

    private static func time(_ microseconds: Int64) throws -> Timestamp {
        try #require(Timestamp(microseconds: microseconds))
    }

    private static func rule(_ name: String, _ mail: String) -> AlertRule {
        var rule = AlertRule(name: name)
        rule.mail = [mail]
        rule.escalation = AlertRule.Escalation(after: .seconds(7_200), mail: ["boss@example.com"])
        return rule
    }

    /// Lets a worker with these rules handle the alert at that time.
    private static func handle(
        _ alert: Alert, in ledger: Ledger, rules: [AlertRule]? = nil, now: Int64 = AlertHandlerTests.start
    ) async throws {
        let rules = rules ?? [rule("all", "anna@example.com")]
        let planner = NoticePlanner(rules: rules, webhook: nil, clock: .fixed(secondsEast: 0))
        let handler = AlertHandler(AlertBook(planner: planner), now: { now })
        let type = Catalogue.alertRaised
        let message = Received(
            envelope: Envelope(for: alert, as: type, source: "urn:test", time: alert.lastAt), type: type,
            payload: alert, contentHash: ContentHash(high: 1, low: UInt64(alert.revision)))
        try await ledger.write { try handler.project(message, in: $0) }
    }

    private static func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    /// `raised anna@example.com due`, in the order in which they were written down.
    private static func notices(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { try $0.notices(of: "outage/erp") }.map { notice in
            "\(notice.occasion.rawValue) \(notice.recipient) \(notice.state.rawValue)"
        }
    }

    /// As the courier does once the mail server has the mail.
    private static func send(_ ledger: Ledger, at now: Int64) async throws {
        try await ledger.write { transaction in
            for notice in try transaction.dueNotices(at: now, limit: 100) {
                try transaction.end(notice, as: .sent, message: "m-1", now: now)
            }
        }
    }

    @Test("an alert is kept, and who is to be told of it is written down with it")
    func raised() async throws {
        try await Self.withLedger { ledger in
            let alert = try Self.alert()
            try await Self.handle(alert, in: ledger)
            let record = try await ledger.read { try $0.alert(key: "outage/erp") }
            #expect(record == AlertRecord(alert))
            let notices = try await ledger.read { try $0.notices(of: "outage/erp") }
            #expect(notices.map(\.recipient) == ["anna@example.com", "boss@example.com"])
            #expect(notices.map(\.dueAt) == [Self.start + Self.minute, Self.start + 121 * Self.minute])
            #expect(notices.map(\.state) == [.due, .due])
        }
    }

    @Test("an alert that ends before its digest is over tells nobody")
    func brief() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            let end = try Self.alert(revision: 2, resolved: Self.start + 1)
            try await Self.handle(end, in: ledger, now: Self.start + 1)
            let expected = ["raised anna@example.com dropped", "escalated boss@example.com dropped"]
            let notices = try await Self.notices(ledger)
            #expect(notices == expected)
            let reasons = try await ledger.read { try $0.notices(of: "outage/erp") }.map(\.reason)
            #expect(reasons == [NoticePlanner.ended, NoticePlanner.ended])
        }
    }

    @Test("who was told is told of the end, and what is handled twice is said once")
    func ending() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            try await Self.send(ledger, at: Self.start + Self.minute)
            let end = try Self.alert(revision: 2, resolved: Self.start + 2 * Self.minute)
            for _ in 1...2 { try await Self.handle(end, in: ledger, now: Self.start + 2 * Self.minute) }
            let expected = [
                "raised anna@example.com sent", "escalated boss@example.com dropped", "resolved anna@example.com due",
            ]
            let notices = try await Self.notices(ledger)
            #expect(notices == expected)
        }
    }

    @Test("rules that have changed since the last start count from the next message on")
    func changedRules() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            try await Self.send(ledger, at: Self.start + Self.minute)
            let later = Self.start + 10 * Self.minute
            let rules = [Self.rule("new", "bob@example.com")]
            try await Self.handle(try Self.alert(revision: 2), in: ledger, rules: rules, now: later)
            let expected = [
                "raised anna@example.com sent", "escalated boss@example.com due", "raised bob@example.com due",
            ]
            let notices = try await Self.notices(ledger)
            #expect(notices == expected)
        }
    }

    @Test("what a person said of an episode holds for that one alone")
    func acknowledged() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            let isNoted = try await ledger.write {
                try $0.acknowledgeAlert(key: "outage/erp", by: "anna", note: "on it", now: Self.start)
            }
            #expect(isNoted)
            try await Self.handle(try Self.alert(revision: 2), in: ledger)
            let same = try await ledger.read { try $0.alert(key: "outage/erp") }
            #expect([same?.acknowledgedBy, same?.note] == ["anna", "on it"])
            let dropped = try await Self.notices(ledger)
            #expect(dropped == ["raised anna@example.com due", "escalated boss@example.com dropped"])
            let later = Self.start + 600 * Self.minute
            try await Self.handle(try Self.alert(revision: 3, at: later), in: ledger, now: later)
            let another = try await ledger.read { try $0.alert(key: "outage/erp") }
            #expect([another?.acknowledgedBy, another?.note] == [nil, nil])
            let notices = try await Self.notices(ledger)
            let expected = [
                "raised anna@example.com dropped", "escalated boss@example.com dropped", "raised anna@example.com due",
                "escalated boss@example.com due",
            ]
            #expect(notices == expected)
        }
    }

    @Test("a call that was called off is due again when nobody looks after the alert any more")
    func calledAgain() async throws {
        try await Self.withLedger { ledger in
            var owned = try Self.alert()
            try await Self.handle(owned, in: ledger)
            (owned.revision, owned.owner) = (2, "anna")
            try await Self.handle(owned, in: ledger)
            (owned.revision, owned.owner) = (3, nil)
            try await Self.handle(owned, in: ledger)
            let notices = try await ledger.read { try $0.notices(of: "outage/erp") }
            #expect(notices.map(\.state) == [.due, .due])
            #expect(notices.map(\.reason) == [nil, nil] && notices.map(\.endedAt) == [nil, nil])
        }
    }

    @Test("what failed just before the mail left, and is not in it, is told when the quiet is over")
    func behind() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            try await Self.send(ledger, at: Self.start + Self.minute)
            var more = try Self.alert(revision: 2)
            (more.count, more.lastAt) = (2, try Self.time(Self.start + Self.minute - 1))
            try await Self.handle(more, in: ledger, now: Self.start + Self.minute + 1)
            let notices = try await Self.notices(ledger)
            #expect(notices.contains("again anna@example.com due"))
            (more.revision, more.lastAt) = (3, try Self.time(Self.start + Self.minute))
            let before = try await ledger.read { try $0.notices(of: "outage/erp") }
            try await Self.handle(more, in: ledger, now: Self.start + 2 * Self.minute)
            let after = try await ledger.read { try $0.notices(of: "outage/erp") }
            #expect(before == after)
        }
    }

    @Test("a revision that was overtaken, or is there already, changes nothing")
    func overtaken() async throws {
        try await Self.withLedger { ledger in
            try await Self.handle(try Self.alert(), in: ledger)
            try await Self.send(ledger, at: Self.start + Self.minute)
            let end = try Self.alert(revision: 3, resolved: Self.start + 2 * Self.minute)
            try await Self.handle(end, in: ledger, now: Self.start + 2 * Self.minute)
            let before = try await ledger.read { try $0.notices(of: "outage/erp") }
            let later = Self.start + 3 * Self.minute
            for revision: Int64 in 1...3 {
                try await Self.handle(try Self.alert(revision: revision), in: ledger, now: later)
            }
            let after = try await ledger.read { try $0.notices(of: "outage/erp") }
            #expect(after == before)
            let record = try await ledger.read { try $0.alert(key: "outage/erp") }
            #expect(record?.alert == end)
        }
    }

    @Test("a message of another type is refused")
    func foreign() async throws {
        try await Self.withLedger { ledger in
            let example = try #require(Catalogue.examples(for: Catalogue.stock).first)
            let message = try MessageReader().read(Array(example.text.utf8))
            let handler = AlertHandler(AlertBook(planner: NoticePlanner(rules: [], webhook: nil)))
            await #expect(throws: Failure.self) { try await ledger.write { try handler.project(message, in: $0) } }
        }
    }
}
