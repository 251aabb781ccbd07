import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What is expected again and again")
struct ExpectationHeartbeatTests {
    private static let hourly = Fleet.Expectation(
        name: "prices", kind: .message("contract-prices.v1"), within: .seconds(3_600), condition: .always)
    private static let stock = Fleet.Expectation(
        name: "stock", kind: .feed("stock"), within: .seconds(600), condition: .always)

    @Test("each message gives it its whole time again, news or not; one that failed does not")
    func beats() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(Self.hourly)
            try await desk.run(watch, to: 3_570)
            try await desk.journal("duplicate", Catalogue.contractPrices, "C-1", at: 3_571)
            #expect(try await desk.run(watch, from: 3_600, to: 7_170) == 0)
            try await desk.journal("retried", Catalogue.contractPrices, "C-1", at: 7_171)
            try await desk.journal("applied", Catalogue.customer, "C-1", at: 7_172)
            #expect(try await desk.run(watch, from: 7_200, to: 7_260) == 1)
            let missed = try #require(try await desk.ledger.read { try $0.missedExpectations() }.first)
            #expect(missed.subjects == ["contract-prices.v1"] && missed.oldestSince == ExpectationDesk.at(3_571))
        }
    }

    @Test("the next message closes what was missed, which is kept as late, and begins anew")
    func late() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(Self.hourly)
            #expect(try await desk.run(watch, to: 3_600) == 1)
            try await desk.journal("applied", Catalogue.contractPrices, "C-1", at: 4_000)
            try await desk.run(watch, from: 4_020, to: 4_020)
            let mark = ExpectationDesk.at(3_600)
            let rows = [
                "prices contract-prices.v1 0 waiting", "prices contract-prices.v1 \(mark) late",
            ]
            #expect(try await desk.rows() == rows)
            #expect(try await desk.run(watch, from: 4_050, to: 7_590) == 0)
            #expect(try await desk.run(watch, from: 7_620, to: 7_650) == 1)
        }
    }

    @Test("a feed that reads beats without anything new; one that waits, or is gone, does not")
    func feed() async throws {
        try await ExpectationDesk.with { desk in
            try await Self.prepare(desk)
            let watch = desk.watch(Self.stock)
            for second in stride(from: Int64(0), through: 900, by: 30) {
                try await Self.hold("stock/EAST", desk, at: second)
                #expect(try await desk.run(watch, from: second, to: second) == 0)
            }
            // The other warehouse waits from here on.
            var missed = 0
            for second in stride(from: Int64(930), through: 1_590, by: 30) {
                try await Self.hold("stock/EAST", desk, at: second)
                try await Self.hold("stock/WEST", desk, at: second, isWaiting: true)
                missed += try await desk.run(watch, from: second, to: second)
            }
            #expect(missed == 1)
            try await desk.ledger.write { try $0.endWait(of: "stock/WEST") }
            try await desk.run(watch, from: 1_620, to: 1_620)
            #expect(try await desk.ledger.read { try $0.missedExpectations() }.isEmpty)
            #expect(try await desk.run(watch, from: 1_650, to: 2_400) == 1, "its leases are over")
        }
    }

    private static func prepare(_ desk: ExpectationDesk) async throws {
        try await desk.ledger.migrate(
            component: FeedCursor.component,
            [
                FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths, FeedGap.migration,
                FeedWait.migration, ParkedBatches.subjects,
            ])
    }

    /// A process has the stream in hand, and reads it or waits.
    private static func hold(
        _ stream: String, _ desk: ExpectationDesk, at second: Int64, isWaiting: Bool = false
    ) async throws {
        let now = ExpectationDesk.at(second)
        try await desk.ledger.write { transaction in
            var cursor = FeedCursor.beginning(stream, .live, now: now)
            cursor.finishedAt = now
            try transaction.save(cursor)
            _ = try transaction.takeMaintenance(
                FeedCursor.lease(of: stream), holder: "f", lease: .seconds(60), now: now)
            guard isWaiting else { return }
            try transaction.noteWait(
                FeedWait(stream: stream, since: now, until: now + 15_000_000, reason: "No answer.", remedy: ""))
        }
    }
}
