import ERP
import FleetTesting
import Ledger
import Models
import Testing

@testable import ERPFeed
@testable import Fleet

/// What of the ERP's objects the store is not told, and what cannot be read now: kept until it is otherwise.
@Suite struct FeedGapTests {
    private static let faults: [UnreadableChange] = [
        UnreadableChange(key: "P-9", reason: "name is missing"), UnreadableChange(key: nil, reason: "sku is missing"),
        UnreadableChange(key: nil, reason: "it is no object"),
    ]

    private static func lacking(_ key: String, _ reasons: [String], revision: Int64 = 1) -> IncompleteChange {
        IncompleteChange(
            key: key, revision: revision, omissions: reasons.map { .init(part: "/gtin", reason: $0) })
    }

    @Test("what is not told is listed as long as the ERP has it so, and since when, and no longer")
    func untilCorrected() async throws {
        try await TemporaryDirectory.with { directory in
            let erp = PagedERP(
                count: 5, unreadable: Self.faults,
                incomplete: [Self.lacking("P-1", ["gtin is no barcode"]), Self.lacking("P-5", ["a", "b"])])
            try await FeedRun.with(directory, erp) { run in
                try await run.polling { try await run.waitForEnd(of: .live) }
                let nameless = [" unreadable 1: it is no object", " unreadable 1: sku is missing"]
                let known = [
                    "P-1 incomplete 1: gtin is no barcode", "P-5 incomplete 2: a", "P-9 unreadable 1: name is missing",
                ]
                #expect(try await run.gaps() == nameless + known)
                try await run.readAgain()
                #expect(try await run.gaps() == nameless + known)
                erp.correct(["P-1", nil])
                try await run.readAgain()
                #expect(try await run.gaps() == Array(known.dropFirst()))
                erp.correct(["P-5", "P-9"])
                try await run.readAgain()
                #expect(try await run.gaps() == [])
            }
        }
    }

    @Test("an object that is found otherwise than before is one gap still, since the first")
    func otherwise() async throws {
        try await TemporaryDirectory.with { directory in
            let first = PagedERP(count: 2, incomplete: [Self.lacking("P-2", ["gtin is no barcode"])])
            let began = try await FeedRun.with(directory, first) { run in
                try await run.polling { try await run.waitForEnd(of: .live) }
                return try await run.gapsSince()
            }
            let second = PagedERP(count: 2, incomplete: [Self.lacking("P-2", ["weight is none"], revision: 2)])
            try await FeedRun.with(directory, second) { run in
                try await run.readAgain()
                #expect(try await run.gaps() == ["P-2 incomplete 1: weight is none"])
                #expect(try await run.gapsSince() == began)
                #expect(try await run.journal("feed.incomplete") == ["P-2: gtin is no barcode", "P-2: weight is none"])
            }
        }
    }

    @Test("a stream that waits says so in the ledger with the reason and the remedy, until it is read again")
    func waits() async throws {
        try await TemporaryDirectory.with { directory in
            let erp = PagedERP(count: 2)
            let error = ERPError.unavailable("It is away.")
            for _ in 0..<2 { erp.fail(error) }
            try await FeedRun.with(directory, erp) { run in
                try await run.polling {
                    let wait = try await eventually("the wait") { try await run.wait() }
                    #expect(wait.stream == "products" && wait.reason == error.sentence)
                    #expect(wait.remedy.contains("read on when the ERP answers again"))
                    #expect(wait.since <= wait.until)
                    try await run.waitForEnd(of: .live)
                    try await eventually("the end of the wait") { try await run.wait() == nil }
                }
            }
        }
    }

    @Test("a page that the broker does not confirm makes its stream wait, until it does")
    func unconfirmed() async throws {
        try await TemporaryDirectory.with { directory in
            let (erp, sink) = (PagedERP(count: 2), SinkDouble(holding: ["P-2"]))
            try await FeedRun.with(directory, erp, sink) { run in
                try await run.polling {
                    let wait = try await eventually("the wait") { try await run.wait() }
                    #expect(wait.reason.hasPrefix("The broker does not confirm what was read: "))
                    sink.confirmAll()
                    try await run.waitForEnd(of: .live)
                    try await eventually("the end of the wait") { try await run.wait() == nil }
                }
            }
        }
    }

    @Test("what an earlier process waited for is not said any more once the stream is read, or the process has stopped")
    func earlier() async throws {
        try await TemporaryDirectory.with { directory in
            let away = PagedERP(count: 2)
            for _ in 0..<20 { away.fail(.unavailable("It is away.")) }
            try await FeedRun.with(directory, away) { run in
                try await run.polling { try await eventually("the wait") { try await run.wait() != nil } }
                #expect(try await run.wait() == nil)
            }
            let now = Timestamp.now().microseconds
            let left = FeedWait(stream: "products", since: now, until: now, reason: "It is away.", remedy: "Wait.")
            try await FeedRun.with(directory, PagedERP(count: 2)) { run in
                try await run.reader.ledger.write { try $0.noteWait(left) }
                #expect(try await run.wait() == left)
                try await run.polling { try await run.waitForEnd(of: .live) }
                #expect(try await run.wait() == nil)
                // One whose process was killed long ago.
                let killed = FeedWait(
                    stream: "products", since: 1, until: now - 121_000_000, reason: "It is away.", remedy: "Wait.")
                try await run.reader.ledger.write { try $0.noteWait(killed) }
                #expect(try await run.wait() == nil)
            }
        }
    }
}
