import Ledger
import Models
import Storefront
import Testing

@testable import AlertsWorker
@testable import Fleet

/// Somebody has to know of what is away for two minutes here.
@Suite("The mail of an outage names what is at stake, and where to look")
struct OutageStakeTests {
    private static let away = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "The ERP does not answer.",
        remedy: "See whether it runs.")

    /// The ERP is away from 0 on, and people are told at 132.
    private func outage(_ desk: WatchDesk) async throws {
        let pause = FlowPause(
            queue: "orders.to-erp", holder: "w-1", since: WatchDesk.at(0), code: Self.away.code,
            reason: Self.away.sentence, remedy: Self.away.remedy)
        try await desk.ledger.write { transaction in
            var outage = try transaction.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(0)).outage
            outage.probed(by: "w-2", Self.away, at: WatchDesk.at(131))
            try transaction.save(outage)
            try transaction.record(pause, now: WatchDesk.at(132))
        }
    }

    /// The store takes an order of 10.00 at that second.
    private func take(_ number: String, at second: Int64, _ desk: WatchDesk) async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, 1)
        (order.currency, order.totals.total) = (.usd, try #require(ExactDecimal("10.00")))
        let taken = order
        try await desk.ledger.write { transaction in
            try DatabaseStorefront().note(taken, isCancelled: false, at: .now(), in: transaction)
            _ = try transaction.execute(
                "UPDATE store_order SET taken_at = ? WHERE number = ?", .integer(WatchDesk.at(second)), .text(number))
        }
    }

    private static func sums(_ alert: Alert) -> [String] { alert.atStake.map { "\($0.amount) \($0.currency.code)" } }

    @Test("orders that wait and what they are worth are in it; more of them are no news before long")
    func stake() async throws {
        try await WatchDesk.with { desk in
            try await DatabaseStorefront.migrate(desk.ledger)
            try await take("W-1", at: 10, desk)
            try await take("W-2", at: 20, desk)
            try await outage(desk)
            let raised = try #require(try await desk.look(at: 132).first)
            #expect(raised.commands == ["stevedore outages show 1", "stevedore status"])
            #expect(Self.sums(raised) == ["20.00 USD"])
            #expect(raised.sentence.contains("2 orders taken until") && raised.sentence.contains("wait for it, worth"))
            try await take("W-3", at: 140, desk)
            let quiet = try await desk.look(at: 150)
            #expect(quiet.isEmpty)
            let later = try #require(try await desk.look(at: 241).first)
            #expect(Self.sums(later) == ["30.00 USD"] && later.sentence.contains("3 orders taken until"))
        }
    }

    @Test("where the store keeps no tables, it still says where to look")
    func noTables() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            let raised = try #require(try await desk.look(at: 132).first)
            #expect(raised.commands.first == "stevedore outages show 1" && raised.atStake.isEmpty)
        }
    }

    @Test("the report of its end counts orders by the fleet's clock, as it does messages, and says so")
    func clock() async throws {
        try await WatchDesk.with { desk in
            try await DatabaseStorefront.migrate(desk.ledger)
            // Its own time is long before, and the fleet has noted it meanwhile; with the other one it is the other way.
            try await take("W-1", at: -5_000, desk)
            try await take("W-2", at: 50, desk)
            let text = try await desk.ledger.write { transaction in
                for (number, second) in [("W-1", 60), ("W-2", 5_000)] as [(String, Int64)] {
                    try transaction.journal(
                        JournalEntry(
                            at: WatchDesk.at(second), type: "order.placed.v1", subject: number, revision: 1,
                            stage: "noted", code: "ok"))
                }
                var outage = try transaction.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(0)).outage
                outage.ended(at: WatchDesk.at(200))
                outage.drainedAt = WatchDesk.at(300)
                try transaction.save(outage)
                let now = WatchDesk.at(6_000)
                return try OutageEnding(of: "erp", since: WatchDesk.at(0), transaction, now: now).text() ?? ""
            }
            #expect(text.contains("1 order came in while it was away, worth"), "\(text)")
            #expect(text.contains("by the fleet's clock"), "\(text)")
            #expect(text.contains("1 message came in since it began"), "\(text)")
        }
    }
}
