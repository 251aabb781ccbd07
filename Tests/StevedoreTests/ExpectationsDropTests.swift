import FleetTesting
import Ledger
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Calling off what is expected, and before anything is watched")
struct ExpectationsDropTests {
    private static let now: Int64 = 1_800_000_000_000_000
    private static let answered = Fleet.Expectation(
        name: "order-answered", kind: .answer(after: ["order.placed.v1"]), within: .seconds(900))

    private static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func row(_ mark: Int64 = 1) -> ExpectationRow {
        ExpectationRow(
            key: .init(name: "order-answered", family: "order", subject: "W-1", mark: mark), clock: "erp", opened: 0,
            since: now - 1_000_000)
    }

    private static func drop(_ name: String = "order-answered", declared: [String] = []) -> ExpectationDrop {
        ExpectationDrop(
            name: name, subject: "W-1", by: "anna", reason: "placed anew", now: now, declared: declared)
    }

    private static func report(_ ledger: Ledger) async throws -> ExpectationReport {
        try await ledger.read { snapshot in
            try ExpectationReport(snapshot, declared: [answered], limit: 20, hasEnded: true, now: now)
        }
    }

    @Test("what a person has dropped stays so when it is heard of again, and is listed; a newer revision is expected")
    func stays() async throws {
        try await Self.with { ledger in
            try await ledger.write { transaction in
                try transaction.open(Self.row())
                _ = try transaction.perform(Self.drop())
                try transaction.open(Self.row())
                try transaction.open(Self.row(2))
            }
            let states = try await ledger.read { try $0.expectations(of: "W-1").map { "\($0.key.mark) \($0.state)" } }
            #expect(states.sorted() == ["1 dropped", "2 waiting"])
            let report = try await Self.report(ledger)
            #expect(report.text(width: nil).contains("dropped: anna: placed anew"))
        }
    }

    @Test("what was dropped because its declaration went is expected again when it comes again")
    func system() async throws {
        try await Self.with { ledger in
            try await ledger.write { transaction in
                try transaction.open(Self.row())
                try transaction.drop(Self.row(), because: "it is not declared any more", now: Self.now)
                try transaction.open(Self.row())
            }
            let states = try await ledger.read { try $0.expectations(of: "W-1").map(\.state) }
            #expect(states == [.waiting])
        }
    }

    @Test("a name that nobody has declared is said to be none, with those that there are")
    func unknown() async throws {
        try await Self.with { ledger in
            let drop = Self.drop("order-anwered", declared: ["order-tracked", "order-answered"])
            let error = await #expect(throws: ProgramError.self) { try await ledger.write { try $0.perform(drop) } }
            #expect(error?.code == "expectations.unknown-name")
            #expect(error?.sentence == "There is no expectation of the name order-anwered.")
            #expect(error?.remedy == "The names are: order-answered, order-tracked.")
            let known = Self.drop(declared: ["order-answered"])
            let other = await #expect(throws: ProgramError.self) { try await ledger.write { try $0.perform(known) } }
            #expect(other?.code == "expectations.not-open")
        }
    }

    @Test("before the first start what is declared is shown, and that nothing has been watched yet")
    func beforeFirstStart() {
        let report = ExpectationReport(declared: [Self.answered], withoutLedgerAt: "/data/ledger.db", now: Self.now)
        let text = report.text(width: nil)
        #expect(text.contains("order.status.v1 within 15m after order.placed.v1"))
        #expect(text.contains("Nothing has been watched yet: there is no ledger at /data/ledger.db"))
        #expect(report.json["hasLedger"] == .boolean(false))
    }

    @Test("of what waits it is said how much is a dead letter, for which no time runs")
    func deadLetters() async throws {
        try await Self.with { ledger in
            try await ledger.write { transaction in
                try transaction.open(Self.row())
                try transaction.open(Self.row(2))
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: "m-1", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                        subject: "W-1", revision: 1, code: "c", category: "rejected", sentence: "No.",
                        fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1))
            }
            let report = try await Self.report(ledger)
            #expect(report.suspended == ["order-answered": 1])
            #expect(
                report.text(width: nil).contains(
                    "Of what waits for order-answered, 1 order is a dead letter: no time runs for it"))
        }
    }
}
