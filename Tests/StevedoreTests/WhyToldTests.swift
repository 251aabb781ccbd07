import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Who was told, and what is expected")
struct WhyToldTests {
    private static func alert(_ key: String, at time: Timestamp) -> Alert {
        Alert(
            key: key, revision: 1, kind: .deadLetter, severity: .error, code: "sku.unknown", sentence: "It is so.",
            remedy: "", raisedAt: time, lastAt: time)
    }

    private static func tell(
        _ desk: WhyDesk, _ key: String, _ recipient: String, _ state: AlertNotice.State, reason: String? = nil
    ) async throws {
        let time = try desk.time("11:30:00")
        let (due, now) = (try desk.at("11:31:00"), try desk.at("11:32:00"))
        try await desk.ledger.write { transaction in
            try transaction.save(alert(key, at: time))
            try transaction.add(
                AlertNotice(
                    alert: key, episode: time.microseconds, rule: "all", occasion: .raised, channel: .mail,
                    recipient: recipient, dueAt: due, reason: reason))
            guard state == .sent, let notice = try transaction.notices(of: key, episode: time.microseconds).last
            else { return }
            try transaction.end(notice, as: .sent, now: now)
        }
    }

    @Test("who has heard of a dead letter, and who has not yet and why")
    func letters() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1")
            let before = try await desk.verdict("W-1")
            #expect(before.told == "Nobody is assigned to the cause.")
            try await Self.tell(desk, "dead-letter/f-1", "anna@example.com", .sent)
            try await Self.tell(desk, "dead-letter/f-1", "bob@example.com", .due, reason: "the server is away")
            let told = try #require(try await desk.verdict("W-1").told)
            #expect(told.contains("anna@example.com at 2025-03-10T11:32:00Z"))
            #expect(told.contains("bob@example.com is to be told at 2025-03-10T11:31:00Z, not yet because the server"))
            #expect(told.contains("(alert dead-letter/f-1)"))
        }
    }

    @Test("what is overdue is said, with who knows and what helps; what has time left is said to be watched")
    func expected() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let (since, missed) = (try desk.at("11:00:00"), try desk.at("11:20:00"))
            try await desk.ledger.write { transaction in
                _ = try transaction.execute(
                    """
                    INSERT INTO expectation (name, family, subject, mark, clock, opened, since, state)
                    VALUES ('order-answered', 'order', 'W-1', 1, 'erp', 0, ?, 'waiting')
                    """, .integer(since))
            }
            let waiting = try await desk.verdict("W-1")
            #expect(waiting.next.contains("order-answered is watched for since 2025-03-10T11:00:00Z"))
            try await desk.ledger.write { transaction in
                _ = try transaction.execute(
                    "UPDATE expectation SET state = 'missed', missed_at = ?", .integer(missed))
            }
            try await Self.tell(desk, "expectation/order-answered", "anna@example.com", .sent)
            let overdue = try await desk.verdict("W-1")
            #expect(overdue.sentence.contains("It is overdue: order-answered was missed at 2025-03-10T11:20:00Z."))
            #expect(overdue.told?.hasPrefix("anna@example.com at") == true)
            #expect(overdue.remedy?.isEmpty == false)
        }
    }

    @Test("what a comparison with the ERP has found is said, whatever the messages tell")
    func drift() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            let before = try await desk.verdict("BOLT-8")
            #expect(!before.sentence.contains("compared"))
            try await DriftTable.migrate(desk.ledger)
            let at = try desk.at("11:45:00")
            try await desk.ledger.write { transaction in
                _ = try transaction.remember(
                    Drift(
                        kind: "products", subject: "BOLT-8", what: .missingInStore, digest: "-", since: at, seenAt: at))
            }
            let after = try await desk.verdict("BOLT-8")
            #expect(
                after.sentence.hasSuffix(
                    "But when ERP and store were compared at 2025-03-10T11:45:00Z, it was missing in the store."))
        }
    }

    @Test("an alert that names nobody says so")
    func nobody() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1")
            let time = try desk.time("11:30:00")
            try await desk.ledger.write { try $0.save(Self.alert("dead-letter/f-1", at: time)) }
            let told = try #require(try await desk.verdict("W-1").told)
            #expect(told.hasPrefix("nobody: no rule of `alerts.rules` names anybody"))
        }
    }
}

@Suite("Alerts in the status")
struct AlertStatusTests {
    private static func status(_ alerts: [FleetStatus.AlertCount]) -> FleetStatus {
        var ledger = FleetStatus.LedgerStatus()
        ledger.alerts = alerts
        return FleetStatus(
            now: 0, broker: "b", flows: [], unrouted: 0, missingQueues: [], ledgerPath: "l", ledger: ledger)
    }

    @Test("say how many are open, how bad they are, and how many nobody looks after")
    func counts() {
        let status = Self.status([
            .init(severity: "critical", open: 1, unattended: 0), .init(severity: "error", open: 3, unattended: 2),
        ])
        #expect(
            status.text(width: nil).contains(
                "alerts: 1 critical, 3 error, 2 that nobody looks after (`stevedore alerts`)"))
        #expect(status.json["alerts"] != .null)
        #expect(!Self.status([]).text(width: nil).contains("alerts:"))
    }
}
