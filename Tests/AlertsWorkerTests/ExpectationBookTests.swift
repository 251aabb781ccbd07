import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("How expectations are kept")
struct ExpectationBookTests {
    @Test("the first look begins at the newest step, and without declarations there is nothing to do")
    func beginning() async throws {
        try await ExpectationDesk.with { desk in
            try await desk.place("W-1", at: -10)
            #expect(try await desk.watch().look("a", at: ExpectationDesk.at(0)) == nil)
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 30)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("what is not declared any more is dropped, missed or not")
    func removed() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 930)
            try await desk.place("W-2", at: 940)
            try await desk.run(watch, from: 960, to: 960)
            try await desk.run(desk.watch(), from: 990, to: 1_620)
            #expect(
                try await desk.rows() == ["order-answered W-1 1 dropped", "order-answered W-2 1 dropped"])
            #expect(try await desk.watch().look("a", at: ExpectationDesk.at(1_650)) == nil, "all is put away")
        }
    }

    @Test("a process that runs with the wrong settings for minutes loses nothing that others wait for")
    func wrongSettings() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            let wrong = desk.watch()
            try await desk.run(wrong, from: 60, to: 60)
            try await desk.place("W-2", at: 70)
            try await desk.run(wrong, from: 90, to: 600)
            try await desk.run(watch, from: 630, to: 630)
            #expect(
                try await desk.rows() == ["order-answered W-1 1 waiting", "order-answered W-2 1 waiting"])
        }
    }

    @Test("what is declared again begins at the newest step, whatever has happened since it was put away")
    func again() async throws {
        try await ExpectationDesk.with { desk in
            try await desk.run(desk.watch(ExpectationDesk.answered), to: 30)
            try await desk.run(desk.watch(), from: 60, to: 60)
            for number in 1...3 { try await desk.place("W-\(number)", at: 70) }
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, from: 90, to: 90)
            #expect(try await desk.rows().isEmpty)
            try await desk.place("W-4", at: 100)
            try await desk.run(watch, from: 120, to: 120)
            #expect(try await desk.rows() == ["order-answered W-4 1 waiting"])
        }
    }

    @Test("of what was missed together each is looked at again, however small the steps")
    func pages() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            for revision in [1, 2] as [Int64] { try await desk.place("W-1", revision: revision, at: 1) }
            #expect(try await desk.run(watch, from: 30, to: 930) == 2)
            // Nobody hears of it.
            try await desk.fail("W-1", revision: 2, at: 940, state: .discarded)
            var next = desk.watch(ExpectationDesk.answered)
            next.rowsPerBatch = 1
            try await desk.run(next, from: 960, to: 1_080)
            #expect(try await desk.rows() == ["order-answered W-1 1 missed", "order-answered W-1 2 dropped"])
        }
    }

    @Test("another time limit counts at once, and what has passed counts on another clock as well")
    func changed() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 330)
            var changed = ExpectationDesk.answered
            (changed.within, changed.condition) = (.seconds(600), .always)
            let next = desk.watch(changed)
            #expect(try await desk.run(next, from: 360, to: 600) == 0)
            #expect(try await desk.run(next, from: 630, to: 660) == 1)
        }
    }

    @Test("a name that is declared for something else drops what it was for")
    func another() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 930)
            var other = ExpectationDesk.prices
            other.name = ExpectationDesk.answered.name
            try await desk.run(desk.watch(other), from: 960, to: 990)
            #expect(
                try await desk.rows() == [
                    "order-answered contract-prices.v1 0 waiting", "order-answered W-1 1 dropped",
                ])
        }
    }

    @Test("what happened without a step in the journal closes what is missed all the same")
    func unheard() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            for number in 1...5 { try await desk.place("W-\(number)", at: 1) }
            try await desk.run(watch, from: 30, to: 930)
            for number in 2...5 { try await desk.answer("W-\(number)", at: 940) }
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM journal WHERE stage = 'applied'") }
            var next = desk.watch(ExpectationDesk.answered)
            next.rowsPerBatch = 2
            try await desk.run(next, from: 960, to: 1_050)
            let missed = try await desk.ledger.read { try $0.missedExpectations() }
            #expect(missed.map(\.subjects) == [["W-1"]])
        }
    }

    @Test("a journal that was emptied and counts from one again is read on")
    func emptied() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            for number in 1...3 { try await desk.place("W-\(number)", at: -10) }
            try await desk.run(watch, to: 0)
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM journal") }
            try await desk.run(watch, from: 30, to: 30)
            try await desk.place("W-4", at: 40)
            try await desk.run(watch, from: 60, to: 60)
            #expect(try await desk.rows() == ["order-answered W-4 1 waiting"])
        }
    }

    @Test("what came late is remembered for as long as it is to be")
    func retention() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered, retention: .seconds(3_600))
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 930)
            try await desk.answer("W-1", at: 940)
            try await desk.run(watch, from: 960, to: 4_560)
            #expect(try await desk.rows() == ["order-answered W-1 1 late"])
            try await desk.run(watch, from: 4_590, to: 4_590)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("an order is known by its expectations, whatever else has its name")
    func subject() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered, ExpectationDesk.tracked)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.answer("W-2", state: .shipped, shipped: "1", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            let rows = try await desk.ledger.read { try $0.expectations(of: "W-1") }
            #expect(rows.map(\.key.name) == ["order-answered"])
            #expect(rows.first?.since == ExpectationDesk.at(1))
        }
    }

    // MARK: - However much there is

    @Test("every question is answered from an index", arguments: 0..<ExpectationSQL.all.count)
    func plans(index: Int) async throws {
        let (sql, values) = ExpectationSQL.all[index]
        try await Self.expectIndexed(sql.description, values, tables: ["expectation", "journal", "e"])
    }

    @Test("whether something has happened is seen from a key", arguments: 0..<ExpectationEvidence.all.count)
    func evidence(index: Int) async throws {
        let (sql, values) = ExpectationEvidence.all[index]
        let tables: Set = [
            "store_order", "store_order_line", "s", "l", "store_shipment", "dead_letter", "revision_counter",
        ]
        try await Self.expectIndexed(sql.description, values, tables: tables)
    }

    private static func expectIndexed(_ sql: String, _ values: Int, tables: Set<String>) async throws {
        try await ExpectationDesk.with { desk in
            let plan = try await desk.ledger.read { snapshot in
                try snapshot.query(
                    text: "EXPLAIN QUERY PLAN " + sql, [SQLValue](repeating: .null, count: values)
                ) { $0.text(3) }
            }
            #expect(!plan.isEmpty && scanned(plan).isDisjoint(with: tables), "\(sql): \(plan)")
        }
    }

    /// The tables that a plan goes through from end to end.
    private static func scanned(_ plan: [String]) -> Set<String> {
        Set(plan.filter { $0.hasPrefix("SCAN ") }.map { step in String(step.dropFirst(5).prefix { $0 != " " }) })
    }

    @Test("of a hundred thousand that wait, one that is due is found by its own row alone")
    func many() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 900)
            try await desk.ledger.write { transaction in
                _ = try transaction.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                    INSERT INTO expectation (name, family, subject, mark, clock, opened, since, state)
                    SELECT 'order-answered', 'order', 'X-' || i, 1, 'erp', 800000000, 0, 'waiting' FROM n
                    """)
            }
            let plan = try await desk.ledger.read { snapshot in
                try snapshot.query(
                    text: "EXPLAIN QUERY PLAN \(ExpectationSQL.due)",
                    [.text("order-answered"), .text("erp"), .integer(30_000_000), .integer(200)]
                ) { $0.text(3) }
            }
            #expect(plan.count == 1 && plan[0].contains("expectation_due (name=? AND clock=? AND opened<?)"), "\(plan)")
            #expect(try await desk.run(watch, from: 930, to: 930) == 1)
            let missed = try await desk.ledger.read { try $0.missedExpectations() }
            #expect(missed.map(\.subjects) == [["W-1"]])
        }
    }
}
