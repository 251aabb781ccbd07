import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

/// What stops the clock, as the ledger has it.
@Suite struct ERPAbsenceTests {
    private static let now: Int64 = 1_800_000_000_000_000

    private func pause(_ queue: String, _ ledger: Ledger) async throws {
        let pause = FlowPause(
            queue: queue, holder: "w", since: Self.now - 1, code: "erp.unavailable", reason: "No answer.", remedy: "")
        try await ledger.write { try $0.record(pause, now: Self.now) }
    }

    private func absence(_ ledger: Ledger, at now: Int64 = Self.now) async throws -> ExpectationClock.Stop? {
        try await ledger.read { try $0.erpAbsence(now: now) }
    }

    private func feed(_ streams: [String], waiting: [String], _ ledger: Ledger) async throws {
        try await ledger.migrate(
            component: FeedCursor.component,
            [
                FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths, FeedGap.migration,
                FeedWait.migration, ParkedBatches.subjects,
            ])
        try await ledger.write { transaction in
            for stream in streams {
                var cursor = FeedCursor.beginning(stream, .live, now: Self.now)
                cursor.finishedAt = Self.now
                try transaction.save(cursor)
                _ = try transaction.takeMaintenance(
                    FeedCursor.lease(of: stream), holder: "f", lease: .seconds(60), now: Self.now)
            }
            for stream in waiting {
                try transaction.noteWait(
                    FeedWait(stream: stream, since: Self.now, until: Self.now + 1, reason: "No answer.", remedy: ""))
            }
        }
    }

    @Test("a pause of a flow to the ERP, as long as somebody says so")
    func pauses() async throws {
        try await withLedger { ledger in
            #expect(try await absence(ledger) == nil)
            try await pause("orders.to-store", ledger)
            #expect(try await absence(ledger) == nil)
            try await pause("orders.to-erp", ledger)
            let found = try #require(try await absence(ledger))
            #expect(found.since == Self.now - 1 && found.reason.contains("No answer."))
            #expect(try await absence(ledger, at: Self.now + 121_000_000) == nil, "its worker is gone")
        }
    }

    @Test("a worker that alone has paused says nothing of the ERP while others take from the queue")
    func alone() async throws {
        try await withLedger { ledger in
            try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
            try await pause("orders.to-erp", ledger)
            let spans: [(takenAfter: Int64, isAway: Bool)] = [(30, true), (90, false), (3_600, true)]
            for span in spans {
                let position = FlowPosition(
                    queue: "orders.to-erp", takenAt: Self.now + span.takenAfter * 1_000_000, messageTime: Self.now)
                try await ledger.write { try $0.record(position) }
                let found = try await absence(ledger, at: Self.now + 100_000_000)
                #expect((found != nil) == span.isAway, "taken \(span.takenAfter) s after the pause began")
            }
        }
    }

    @Test("all that a feed has in hand waits; one that is read says that the ERP is there")
    func feeds() async throws {
        try await withLedger { ledger in
            try await feed(["orders", "prices"], waiting: ["orders"], ledger)
            #expect(try await absence(ledger) == nil)
            try await feed([], waiting: ["prices"], ledger)
            #expect(try await absence(ledger) != nil)
            #expect(try await absence(ledger, at: Self.now + 90_000_000) == nil, "the feed is gone")
        }
    }

    @Test("a stream is read when a process has it in hand and nothing keeps it waiting, and so is each of its parts")
    func read() async throws {
        try await withLedger { ledger in
            try await feed(["prices", "stock/EAST", "stock/WEST"], waiting: ["stock/WEST"], ledger)
            #expect(try await ledger.read { try $0.isFeedRead("prices", now: Self.now) })
            #expect(try await ledger.read { try $0.isFeedRead("stock/EAST", now: Self.now) })
            #expect(try await !ledger.read { try $0.isFeedRead("stock", now: Self.now) })
            #expect(try await !ledger.read { try $0.isFeedRead("orders", now: Self.now) })
            #expect(try await !ledger.read { try $0.isFeedRead("prices", now: Self.now + 61_000_000) })
        }
    }
}
