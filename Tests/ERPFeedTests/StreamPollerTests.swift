import ERP
import FleetTesting
import Testing

@testable import ERPFeed
@testable import Fleet

/// Where a stream is read on, how fast, and what becomes of an ERP that does not answer.
@Suite struct StreamPollerTests {
    @Test("a full read that is interrupted goes on where it was, and tells every object once in all")
    func interrupted() async throws {
        try await TemporaryDirectory.with { directory in
            try await FeedRun.with(directory, PagedERP(count: 15)) { run in
                try await run.polling { try await run.waitForEnd(of: .live) }
                try await run.resync()
            }
            let (away, first) = (PagedERP(count: 15, awayAt: "6"), SinkDouble())
            try await FeedRun.with(directory, away, first, holder: "f-2") { run in
                try await run.polling {
                    try await eventually("the third page to be asked for") {
                        away.requests.contains { $0.since == "6" }
                    }
                }
                let full = try #require(try await run.cursor(.full))
                #expect(full.cursor == "6" && full.read == 6 && full.told == 6)
                #expect(full.isForced && full.finishedAt == nil)
            }
            let (erp, second) = (PagedERP(count: 15), SinkDouble())
            try await FeedRun.with(directory, erp, second, holder: "f-3") { run in
                try await run.polling { try await run.waitForEnd(of: .full) }
                let full = try #require(try await run.cursor(.full))
                #expect(full.cursor == "15" && full.read == 15 && full.told == 15)
            }
            // What is new is asked for in between, behind everything.
            let asked = { (erp: PagedERP) in erp.requests.map(\.since).filter { $0 != "15" } }
            #expect(asked(away).prefix(3) == [nil, "3", "6"])
            #expect(asked(erp) == ["6", "9", "12"])
            #expect((away.requests + erp.requests).allSatisfy { $0.limit == 3 })
            #expect(first.confirmed.count == 6)
            #expect((first.confirmed + second.confirmed).map(\.subject) == erp.subjects)
            #expect((first.confirmed + second.confirmed).allSatisfy { $0.isRestated })
        }
    }

    @Test("no more than feed.rate changes a second are read")
    func rate() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 500), SinkDouble())
            try await FeedRun.with(directory, erp, sink, pageSize: 100, rate: 1_000) { run in
                // Not at the first request: a page's time begins before it is asked for.
                let start = ContinuousClock.now
                try await run.polling { try await run.waitForEnd(of: .live) }
                for (number, request) in erp.requests.enumerated() {
                    let elapsed = request.at - start
                    #expect(elapsed >= Duration.milliseconds(100 * number))
                }
            }
            #expect(erp.requests.map(\.since) == [nil, "100", "200", "300", "400"])
            #expect(sink.confirmed.map(\.subject) == erp.subjects)
        }
    }

    @Test(
        "an ERP that asks to slow down or is away is asked again with the same cursor, and not before it wants to be",
        arguments: [
            (ERPError.slowDown(retryAfter: .milliseconds(1_300)), Duration.milliseconds(1_300)),
            (ERPError.slowDown(retryAfter: nil), Duration.zero),
            (ERPError.unavailable("It is away."), Duration.zero),
            (ERPError.unavailable("It does not know us.", .credentials), Duration.zero),
        ])
    func askedAgain(fault: ERPError, pause: Duration) async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 9), SinkDouble())
            try await FeedRun.with(directory, erp, sink) { run in
                #expect(try await run.readFirstPage().cursor == "3")
                erp.fail(fault)
                try await run.polling { try await run.waitForEnd(of: .live) }
                #expect(run.pulse.failures.isEmpty)
            }
            let requests = erp.requests
            try #require(requests.map(\.since) == [nil, "3", "3", "6"])
            let gap = requests[2].at - requests[1].at
            #expect(gap >= pause)
            #expect(sink.confirmed.map(\.subject) == erp.subjects)
        }
    }
}
