import ERP
import FleetTesting
import RabbitMQ
import Testing

@testable import ERPFeed
@testable import Fleet

/// When a page counts as told.
@Suite struct StreamReaderTests {
    @Test(
        "a cursor moves, and a change counts as told, only when the broker has confirmed the whole page",
        arguments: [
            PublishOutcome.nacked, .unknown(reason: "no answer came"), .returned(code: 312, text: "NO_ROUTE"),
            .notSent(.connectionLost("it broke")),
        ])
    func unconfirmed(answer: PublishOutcome) async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 9), SinkDouble(holding: ["P-6"], answer))
            try await FeedRun.with(directory, erp, sink) { run in
                let before = try await run.readFirstPage()
                #expect(before.cursor == "3")
                let reading = Task { try await run.reader.step(before) }
                defer { reading.cancel() }
                try await eventually("the last of the page to be published again") { sink.attempts(of: "P-6") > 1 }
                #expect(try await run.cursor(.live) == before)
                #expect(try await run.told(erp.subjects) == [1, 1, 1, 0, 0, 0, 0, 0, 0])
                sink.confirmAll()
                let after = try await reading.value
                #expect(after.cursor == "6")
                #expect(try await run.cursor(.live) == after)
                #expect(try await run.told(erp.subjects) == [1, 1, 1, 1, 1, 1, 0, 0, 0])
            }
            #expect(sink.confirmed.map(\.subject) == ["P-1", "P-2", "P-3", "P-4", "P-5", "P-6"])
            #expect(erp.requests.map(\.since) == [nil, "3"])
        }
    }

    @Test("a page that was not confirmed when its process ended is told again by the next one, from the same cursor")
    func ended() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, lost, sink) = (PagedERP(count: 9), SinkDouble(holding: ["P-6"]), SinkDouble())
            let stood = try await FeedRun.with(directory, erp, lost) { run in
                let before = try await run.readFirstPage()
                let reading = Task { try await run.reader.step(before) }
                defer { reading.cancel() }
                try await eventually("the page to be published") { lost.attempts(of: "P-6") > 0 }
                reading.cancel()
                await #expect(throws: CancellationError.self) { try await reading.value }
                return before
            }
            try await FeedRun.with(directory, erp, sink, holder: "f-2") { run in
                #expect(try await run.cursor(.live) == stood)
                #expect(try await run.told(erp.subjects) == [1, 1, 1, 0, 0, 0, 0, 0, 0])
                try await run.polling { try await run.waitForEnd(of: .live) }
                #expect(try await run.cursor(.live)?.cursor == "9")
                #expect(try await run.told(erp.subjects) == [1, 1, 1, 1, 1, 1, 1, 1, 1])
            }
            #expect(erp.requests.map(\.since) == [nil, "3", "3", "6"])
            // Also what the broker had confirmed of it: of a page nothing counts until all does.
            #expect(sink.confirmed.map(\.subject) == ["P-4", "P-5", "P-6", "P-7", "P-8", "P-9"])
        }
    }

    @Test("a page that is longer than is read is asked for in parts; a single change that is, is said")
    func tooLong() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 9, longest: 2), SinkDouble())
            try await FeedRun.with(directory, erp, sink, pageSize: 9) { run in
                try await run.polling { try await run.waitForEnd(of: .live) }
            }
            #expect(sink.confirmed.map(\.subject) == erp.subjects)
            #expect(erp.requests.prefix(3).map(\.limit) == [9, 4, 2])
            #expect(Set(erp.requests.prefix(3).map(\.since)) == [nil])
        }
        try await TemporaryDirectory.with { directory in
            try await FeedRun.with(directory, PagedERP(count: 1, longest: 0), pageSize: 4) { run in
                await #expect(throws: ERPError.unavailable("The answer is too long.", .length)) {
                    try await run.readFirstPage()
                }
                let stored = try await run.cursor(.live)
                #expect(stored == nil)
            }
        }
    }

    @Test("what is left out of an object is explained once, however often it is read, and the object is told")
    func incomplete() async throws {
        let parts = [("/gtin", "gtin is no barcode"), ("/weight", "weight/unit is not known")].map {
            IncompleteChange.Omission(part: $0, reason: $1)
        }
        let missing = ["P-1", "P-3"].map { IncompleteChange(key: $0, revision: 1, omissions: parts) }
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 3, incomplete: missing), SinkDouble())
            try await FeedRun.with(directory, erp, sink) { run in
                let said = ["P-1: gtin is no barcode", "P-1: weight/unit is not known"]
                let all = said + said.map { $0.replacing("P-1", with: "P-3") }
                _ = try await run.readFirstPage()
                #expect(try await run.journal("feed.incomplete") == all)
                try await run.resync()
                try await run.polling { try await run.waitForEnd(of: .full) }
                #expect(try await run.journal("feed.incomplete") == all)
                #expect(try await run.journal("feed.unreadable").isEmpty)
            }
            #expect(sink.confirmed.map(\.subject) == erp.subjects + erp.subjects)
        }
    }
}
