import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why an order that was to be back from a retry")
struct WhyRetryTests {
    private static let empty = WhyBroker.asked(["orders.to-erp": .init(ready: 0, workers: 1)])

    private static func retry(_ desk: WhyDesk, _ number: String, at clock: String) async throws {
        try await desk.note(number, at: "10:00:00")
        try await desk.journal(desk.step("claimed", number, 1, at: clock))
        try await desk.journal(
            desk.step(
                "returned", number, 1, code: "erp.away", detail: "waits 5s, no attempt spent: It is away.", at: clock))
    }

    private static func miss(_ desk: WhyDesk, _ number: String) async throws {
        let (since, missed) = (try desk.at("11:00:00"), try desk.at("11:20:00"))
        try await desk.ledger.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO expectation (name, family, subject, mark, clock, opened, since, state, missed_at)
                VALUES ('order-answered', 'order', ?, 1, 'erp', 0, ?, 'missed', ?)
                """, .text(number), .integer(since), .integer(missed))
        }
    }

    @Test("is not said to wait for a worker in an empty queue, and no repair is promised")
    func overdue() async throws {
        try await WhyDesk.with { desk in
            try await Self.retry(desk, "W-1", at: "11:50:00")
            try await Self.miss(desk, "W-1")
            let verdict = try await desk.verdict("W-1", broker: Self.empty)
            #expect(verdict.code == "retry.overdue")
            #expect(
                verdict.sentence.hasPrefix(
                    "Order W-1 (revision 1) was to be back in orders.to-erp at 2025-03-10T11:50:05Z (try 1), and "
                        + "nothing has been seen of it since: its queue is empty. The broker may hold it"))
            #expect(verdict.sentence.contains("It is overdue: order-answered was missed"))
            #expect(!verdict.sentence.contains("waits for") && verdict.remedy == nil)
            #expect(verdict.next.contains("nothing to do before 2025-03-10T12:50:05Z"))
        }
    }

    @Test("is for a person once an hour is over")
    func lost() async throws {
        try await WhyDesk.with { desk in
            try await Self.retry(desk, "W-1", at: "10:50:00")
            let verdict = try await desk.verdict("W-1", broker: Self.empty)
            #expect(verdict.code == "retry.overdue" && verdict.next == "Nothing has brought it back in 1h 9m.")
            #expect(verdict.remedy?.contains("have the store publish it again") == true)
        }
    }

    @Test("what the ERP has never answered is not said to be sent by a repair")
    func unanswered() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await Self.miss(desk, "W-1")
            let remedy = try await desk.verdict("W-1").remedy ?? ""
            #expect(remedy.contains("`stevedore reconcile orders`") && !remedy.contains("--repair"))
        }
    }

    @Test("what a comparison has found is past once the ERP has answered", arguments: [true, false])
    func comparison(isAnswered: Bool) async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", at: "11:00:00")
            try await DriftTable.migrate(desk.ledger)
            let at = try desk.at("11:45:00")
            try await desk.ledger.write { transaction in
                _ = try transaction.remember(
                    Drift(kind: "orders", subject: "W-1", what: .missingInERP, digest: "-", since: at, seenAt: at))
            }
            if isAnswered {
                try await desk.answer("W-1", at: "11:50:00", day: 10)
                try await desk.show("W-1", at: "11:50:00", day: 10)
            }
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.sentence.contains("it was missing in the ERP") == !isAnswered)
            #expect(verdict.remedy?.contains("--repair") != true)
        }
    }
}

@Suite("Retries that are missed, in the status")
struct StatusRetryTests {
    @Test("are counted by flow, the newest step of each object alone, and the first of them is named")
    func counts() async throws {
        try await WhyDesk.with { desk in
            let clocks = [("W-1", "11:50:00"), ("W-2", "11:40:00"), ("W-3", "11:30:00"), ("W-4", "11:59:53")]
            for (number, clock) in clocks {
                try await desk.journal(desk.step("retried", number, 1, detail: "waits 5s: Busy.", at: clock))
            }
            try await desk.journal(desk.step("applied", "W-3", 1, at: "11:31:00"))
            try await desk.journal(desk.step("noted-retried", "W-5", 1, detail: "waits 5s: Busy.", at: "11:30:00"))
            let (now, due) = (try desk.at("12:00:00"), try desk.at("11:40:05"))
            let found = try await desk.ledger.read { try $0.overdueRetries(now: now) }
            #expect(found == ["orders.to-erp": OverdueRetries(count: 2, since: due, subject: "W-2")])
        }
    }

    @Test("are said, with what shows one of them")
    func advice() {
        var flow = FleetStatus.FlowStatus(flow: "orders.to-erp", ready: 0)
        flow.overdue = OverdueRetries(count: 6, since: 0, subject: "W-6")
        let status = FleetStatus(
            now: 180_000_000, broker: "b", flows: [flow], unrouted: 0, missingQueues: [], ledgerPath: "l")
        let advice = status.advice.first { $0.contains("6 messages were to be back in orders.to-erp") } ?? ""
        #expect(advice.contains("the first 3m ago") && advice.contains("`stevedore why W-6`"))
        #expect(status.text(width: nil).contains("6 messages were to be back"))
    }

    @Test("are found without going through the journal")
    func plan() async throws {
        try await WhyDesk.with { desk in
            let plan = try await desk.ledger.read { snapshot in
                try snapshot.query(
                    text: "EXPLAIN QUERY PLAN " + OverdueRetries.sql.description, [.integer(20_000)]
                ) { $0.text(3) }
            }
            #expect(!plan.isEmpty && !Self.isScanned(plan), "\(plan)")
        }
    }

    private static func isScanned(_ plan: [String]) -> Bool { plan.contains { $0.hasPrefix("SCAN journal") } }
}
