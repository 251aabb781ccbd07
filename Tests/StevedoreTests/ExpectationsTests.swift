import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Expectations as an operator sees them")
struct ExpectationsTests {
    private static let answered = Fleet.Expectation(
        name: "order-answered", kind: .answer(after: ["order.placed.v1"]), within: .seconds(900))
    private static let now: Int64 = 1_800_000_000_000_000

    private static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func row(_ subject: String, family: String = "order", mark: Int64 = 1) -> ExpectationRow {
        ExpectationRow(
            key: .init(name: "order-answered", family: family, subject: subject, mark: mark), clock: "erp", opened: 0,
            since: now - 1_000_000)
    }

    /// `W-1 1 dropped`.
    private static func rows(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query("SELECT subject, mark, state FROM expectation ORDER BY subject, mark") {
                "\($0.text(0)) \($0.integer(1)) \($0.text(2))"
            }
        }
    }

    @Test("of what has ended the last is shown, however much there is")
    func ended() async throws {
        try await Self.with { ledger in
            try await ledger.write { transaction in
                for number in 1...1_010 {
                    let row = Self.row("W-\(number)")
                    try transaction.open(row)
                    try transaction.drop(row, because: "", now: Int64(number))
                }
            }
            let report = try await ledger.read { snapshot in
                try ExpectationReport(snapshot, declared: [Self.answered], limit: 20, hasEnded: true, now: Self.now)
            }
            let ended = try #require(report.ended)
            #expect(ended.count == 1_000)
            #expect(ended.first?.key.subject == "W-11" && ended.last?.key.subject == "W-1010")
        }
    }

    @Test("a queue that nobody takes from is listed as one")
    func queue() async throws {
        try await Self.with { ledger in
            let row = Self.row("queue orders.taken", family: "", mark: 0)
            try await ledger.write { transaction in
                try transaction.open(row)
                try transaction.miss(row, now: Self.now)
            }
            let report = try await ledger.read { snapshot in
                try ExpectationReport(snapshot, declared: [Self.answered], limit: 20, hasEnded: false, now: Self.now)
            }
            let text = report.text(width: nil)
            #expect(text.contains("queue orders.taken") && text.contains("a worker that takes them"))
        }
    }

    @Test("an order that waits for its first shipment is not said to wait for a millionth of one")
    func firstShipment() async throws {
        try await Self.with { ledger in
            let early = Fleet.Expectation(
                name: "order-answered", kind: .shipments(after: ["order.status.v1"], when: [.accepted]),
                within: .seconds(900))
            let row = Self.row("W-1", family: "order.status", mark: Fleet.Expectation.firstShipment)
            try await ledger.write { transaction in
                try transaction.open(row)
                try transaction.miss(row, now: Self.now)
            }
            let report = try await ledger.read { snapshot in
                try ExpectationReport(snapshot, declared: [early], limit: 20, hasEnded: false, now: Self.now)
            }
            #expect(report.text(width: nil).contains("a first shipment"))
        }
    }

    @Test("what will not happen any more is dropped by a person, who says why, and nothing else is")
    func dropped() async throws {
        try await Self.with { ledger in
            let rows = [Self.row("W-1"), Self.row("W-1", mark: 2), Self.row("W-2")]
            try await ledger.write { transaction in
                for row in rows { try transaction.open(row) }
                try transaction.miss(rows[0], now: Self.now)
            }
            let drop = ExpectationDrop(
                name: "order-answered", subject: "W-1", by: "anna@console-2", reason: "placed anew", now: Self.now)
            let count = try await ledger.write { try $0.perform(drop) }
            #expect(drop.text(count) == "Of W-1, 2 expectations of order-answered are dropped.\n")
            #expect(try await Self.rows(ledger) == ["W-1 1 dropped", "W-1 2 dropped", "W-2 1 waiting"])
            let notes = try await ledger.read { try $0.expectations(of: "W-1").map(\.note) }
            #expect(notes == ["anna@console-2: placed anew", "anna@console-2: placed anew"])
            let action = try #require(try await ledger.read { try $0.operatorActions() }.first)
            #expect(action.action == "drop" && action.by == "anna@console-2" && action.reason == "placed anew")
            #expect(action.detail == "order-answered W-1")
        }
    }

    @Test(
        "what is not expected, has ended, or is no object cannot be dropped",
        arguments: ["W-1", "W-2", "feed.prices"])
    func refused(subject: String) async throws {
        try await Self.with { ledger in
            let (ended, beat) = (Self.row("W-2"), Self.row("feed.prices", family: "", mark: 0))
            try await ledger.write { transaction in
                for row in [ended, beat] { try transaction.open(row) }
                try transaction.drop(ended, because: "", now: Self.now)
            }
            let drop = ExpectationDrop(
                name: "order-answered", subject: subject, by: "anna", reason: "placed anew", now: Self.now)
            let error = await #expect(throws: ProgramError.self) { try await ledger.write { try $0.perform(drop) } }
            #expect(error?.code == "expectations.not-open")
        }
    }
}
