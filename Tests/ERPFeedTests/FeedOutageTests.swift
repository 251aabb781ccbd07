import ERP
import FleetTesting
import Ledger
import Models
import Testing

@testable import ERPFeed
@testable import Fleet

/// What a feed and the rest of the fleet know of an ERP that is away.
@Suite(.timeLimit(.minutes(1))) struct FeedOutageTests {
    private static let away = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "Another one found it away.", remedy: "Start it.")

    private static func outages(_ run: FeedRun) async throws -> [Outage] {
        try await run.reader.ledger.read { try $0.outages(limit: 10) }
    }

    private static func isSaid(_ wait: FeedWait?) -> Bool { wait?.reason == away.sentence }

    @Test("an ERP that is away is one outage, asked about with a page, and over when that is answered")
    func away() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 9), SinkDouble())
            try await FeedRun.with(directory, erp, sink) { run in
                for _ in 0..<2 { erp.fail(.unavailable("It is away.")) }
                try await run.polling { try await run.waitForEnd(of: .live) }
                let outages = try await Self.outages(run)
                let outage = try #require(outages.first)
                #expect(outages.count == 1 && outage.destination == "erp.changes" && outage.endedAt != nil)
                #expect(outage.code == "erp.unavailable" && outage.probes == 2)
            }
            #expect(erp.requests.map(\.since) == [nil, nil, nil, "3", "6"])
            #expect(sink.confirmed.map(\.subject) == erp.subjects)
        }
    }

    @Test("a feed that starts while the ERP is known to be away says so, and asks when it is its turn")
    func known() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 2), SinkDouble())
            try await FeedRun.with(directory, erp, sink) { run in
                try await run.reader.ledger.write { transaction in
                    _ = try transaction.noteAbsence(
                        of: "erp.changes", because: Self.away, at: Timestamp.now().microseconds)
                }
                try await run.polling {
                    try await eventually("the wait") { try await Self.isSaid(run.wait()) }
                    try await run.waitForEnd(of: .live)
                    try await eventually("the end of the wait") { try await run.wait() == nil }
                }
                let outage = try #require(try await Self.outages(run).first)
                #expect(outage.endedAt != nil && outage.probes == 1)
            }
            #expect(erp.requests.map(\.since) == [nil])
        }
    }

    @Test("an ERP that answers pings and fails one kind of change is not away: that stream alone waits")
    func oneKind() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 4), SinkDouble())
            try await FeedRun.with(directory, erp, sink) { run in
                erp.answerPings()
                for _ in 0..<2 { erp.fail(.unavailable("This table is locked.")) }
                try await run.polling { try await run.waitForEnd(of: .live) }
                let outages = try await Self.outages(run)
                #expect(outages.isEmpty)
            }
            #expect(sink.confirmed.map(\.subject) == erp.subjects)
        }
    }

    @Test("an ERP that asks for time, or for less at once, is not away")
    func slow() async throws {
        try await TemporaryDirectory.with { directory in
            let erp = PagedERP(count: 4, longest: 2)
            try await FeedRun.with(directory, erp, pageSize: 4) { run in
                erp.fail(.slowDown(retryAfter: nil))
                try await run.polling { try await run.waitForEnd(of: .live) }
                let outages = try await Self.outages(run)
                #expect(outages.isEmpty)
            }
        }
    }
}
