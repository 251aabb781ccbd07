import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("What the journal says of an outage")
struct JournalTallyTests {
    private static let placed = ["order.placed.v1"]
    private static let second: Int64 = 1_000_000

    private static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    /// One step for each second of the span.
    private static func journal(
        _ stage: String, _ seconds: Range<Int64>, type: String = "order.placed.v1", _ ledger: Ledger
    ) async throws {
        try await ledger.write { transaction in
            for at in seconds {
                try transaction.journal(
                    JournalEntry(
                        at: at * second, type: type, subject: "W-\(at)", revision: 1, stage: stage, code: "ok"))
            }
        }
    }

    private static func tally(
        _ from: Int64, _ to: Int64, after known: JournalTally? = nil, _ ledger: Ledger
    ) async throws -> JournalTally {
        try await ledger.read { snapshot in
            try snapshot.journalTally(of: placed, from: from * second, to: to * second, after: known)
        }
    }

    @Test("what came in and was answered in its time is counted, and nothing of other flows or other times")
    func counts() async throws {
        try await Self.with { ledger in
            try await Self.journal("noted", 0..<100, ledger)
            try await Self.journal("noted", 100..<130, ledger)
            try await Self.journal("applied", 130..<150, type: "stock.v1", ledger)
            try await Self.journal("applied", 150..<160, ledger)
            let tally = try await Self.tally(100, 155, ledger)
            #expect(tally.cameIn == 30 && tally.answered == 5 && tally.isWhole)
            let nothing = try await Self.tally(1_000, 2_000, ledger)
            #expect(nothing.cameIn == 0 && nothing.answered == 0)
        }
    }

    @Test("whoever goes on counting comes to the same as who counts anew")
    func goesOn() async throws {
        try await Self.with { ledger in
            try await Self.journal("noted", 0..<10, ledger)
            let before = try await Self.tally(5, 100, ledger)
            try await Self.journal("noted", 10..<14, ledger)
            try await Self.journal("applied", 14..<16, ledger)
            let on = try await Self.tally(5, 100, after: before, ledger)
            let anew = try await Self.tally(5, 100, ledger)
            #expect(on == anew && on.cameIn == 9 && on.answered == 2)
        }
    }

    @Test("a journal that was pruned since says so, and its gaps hide nothing")
    func pruned() async throws {
        try await Self.with { ledger in
            try await Self.journal("noted", 0..<100, ledger)
            _ = try await ledger.write { transaction in
                try transaction.execute("DELETE FROM journal WHERE id <= 40 OR id BETWEEN 60 AND 70")
            }
            let cut = try await Self.tally(10, 100, ledger)
            #expect(cut.cameIn == 49 && !cut.isWhole)
            let whole = try await Self.tally(50, 100, ledger)
            #expect(whole.cameIn == 39 && whole.isWhole)
        }
    }

    @Test("the pace of an hour before is that of its answers, and hardly any say nothing")
    func pace() async throws {
        try await Self.with { ledger in
            try await Self.journal("applied", 0..<50, ledger)
            try await Self.journal("applied", 10_000..<10_101, ledger)
            let paces = try await ledger.read { snapshot in
                try [10_200, 40_000, 5].map { (at: Int64) in
                    try snapshot.answerPace(of: Self.placed, before: at * Self.second)?.perSecond
                }
            }
            #expect(paces == [1, nil, nil])
        }
    }

    private static func pace(
        before second: Int64, outside outages: [Outage] = [], _ ledger: Ledger
    ) async throws -> DrainPace? {
        try await ledger.read { try $0.answerPace(of: placed, before: second * Self.second, outside: outages) }
    }

    @Test("the time of an earlier outage is no time in which little was answered")
    func earlierOutage() async throws {
        try await Self.with { ledger in
            try await Self.journal("applied", 10_000..<10_120, ledger)
            try await Self.journal("applied", 12_900..<13_020, ledger)
            let pace = try await Self.pace(before: 13_020, ledger)
            #expect(pace?.perSecond == 1)
        }
    }

    @Test("a burst at the end of an earlier outage, and one of a moment, make no pace of their own")
    func burst() async throws {
        try await Self.with { ledger in
            try await ledger.write { transaction in
                for number in 0..<600 {
                    let at = 10_000 * Self.second + Int64(number) * 1_000
                    try transaction.journal(
                        JournalEntry(
                            at: at, type: "order.placed.v1", subject: "W-\(number)", revision: 1, stage: "applied",
                            code: "ok"))
                }
            }
            let moment = try await Self.pace(before: 10_030, ledger)
            #expect(moment?.perSecond == 10)
            let failure = Failure(code: "x.away", category: .unavailable, sentence: "Away.", remedy: "Wait.")
            var outage = Outage(number: 1, of: "erp", because: failure, at: 9_000 * Self.second)
            outage.ended(at: 10_000 * Self.second)
            let outside = try await Self.pace(before: 10_030, outside: [outage], ledger)
            #expect(outside == nil)
        }
    }

    @Test("it is said to be that of a busy minute, and not to be the least")
    func honest() {
        let source = DrainPace(perSecond: 1, basis: .journal).source
        #expect(source.hasPrefix("as in the busiest minute") && !source.contains("at least"))
    }

    @Test("of dead letters those of its time and flows count, by cause")
    func letters() async throws {
        try await Self.with { ledger in
            let places: [(flow: String, code: String, at: Int64)] = [
                ("orders.to-erp", "sku.unknown", 10), ("orders.to-erp", "sku.unknown", 20),
                ("orders.to-erp", "erp.rejected", 20), ("orders.to-erp", "sku.unknown", 99),
                ("orders.to-store", "sku.unknown", 20),
            ]
            try await ledger.write { transaction in
                for (index, place) in places.enumerated() {
                    try transaction.recordDeadLetter(
                        DeadLetterRecord(
                            id: "m-\(index)", queue: "\(place.flow).dead", flow: place.flow, type: "order.placed.v1",
                            subject: "W-\(index)", revision: 1, code: place.code, category: "rejected", sentence: "No.",
                            fingerprint: place.code, attempts: 1, firstFailedAt: place.at, lastFailedAt: place.at,
                            state: index == 0 ? .discarded : .open))
                }
            }
            let counts = try await ledger.read { try $0.letterCounts(of: ["orders.to-erp"], from: 5, to: 50) }
            #expect(
                counts == [
                    LetterCount(flow: "orders.to-erp", code: "sku.unknown", count: 2, open: 1),
                    LetterCount(flow: "orders.to-erp", code: "erp.rejected", count: 1, open: 1),
                ])
        }
    }
}
