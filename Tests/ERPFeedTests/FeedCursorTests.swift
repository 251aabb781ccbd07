import FleetTesting
import Ledger
import Testing

@testable import ERPFeed
@testable import Fleet

/// How far a feed has read, and where it begins again.
@Suite struct FeedCursorTests {
    private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FeedTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    /// Ends a pass at that cursor, as a reader does.
    private func end(_ pass: FeedCursor.Pass, at place: String, now: Int64, _ ledger: Ledger) async throws {
        try await ledger.write { transaction in
            var cursor = try transaction.feedCursor("stock/EAST", pass) ?? .beginning("stock/EAST", pass, now: now)
            (cursor.cursor, cursor.movedAt, cursor.finishedAt) = (place, now, now)
            try transaction.close(&cursor, now: now)
            try transaction.save(cursor)
        }
    }

    private func lookBack(_ ledger: Ledger) async throws -> String? {
        try await ledger.read { try $0.feedCursor("stock/EAST", .lookBack)?.cursor }
    }

    @Test("a read is due when its period is over, and when the clock was set back behind its end")
    func due() {
        var cursor = FeedCursor.beginning("stock/EAST", .lookBack, now: 0)
        #expect(cursor.isDue(every: .zero, 1), "it has not ended")
        cursor.finishedAt = 3_600_000_000
        #expect(!cursor.isDue(every: .seconds(60), 3_659_999_999))
        #expect(cursor.isDue(every: .seconds(60), 3_660_000_000))
        #expect(cursor.isDue(every: .seconds(60), 3_599_999_999))
        #expect(!cursor.isDue(every: .zero, 9_999_999_999))
    }

    @Test("a look back begins where the live read was two looks before, so that what came late is behind its beginning")
    func lookBack() async throws {
        try await withLedger { ledger in
            try await end(.live, at: "100", now: 1, ledger)
            #expect(try await lookBack(ledger) == nil, "what was late during the first read may be anywhere")
            try await end(.live, at: "200", now: 2, ledger)
            #expect(try await lookBack(ledger) == nil, "the end of a live read moves no look back")
            try await end(.lookBack, at: "200", now: 3, ledger)
            #expect(try await lookBack(ledger) == "100")
            try await end(.live, at: "300", now: 4, ledger)
            try await end(.lookBack, at: "300", now: 5, ledger)
            #expect(try await lookBack(ledger) == "200")
        }
    }

    @Test("a cursor is kept as it was saved, and the first live read counts as a full one")
    func saved() async throws {
        try await withLedger { ledger in
            var cursor = FeedCursor.beginning("prices", .full, from: "7", now: 5)
            (cursor.isForced, cursor.read, cursor.told, cursor.remaining, cursor.trail) = (true, 3, 2, 9, "6")
            cursor.readBefore = 12
            let saved = cursor
            try await ledger.write { try $0.save(saved) }
            #expect(try await ledger.read { try $0.feedCursors() } == [cursor])
            try await end(.live, at: "1", now: 8, ledger)
            #expect(try await ledger.read { try $0.feedCursor("stock/EAST", .full)?.finishedAt } == 8)
        }
    }

    @Test("a full read that is far shorter than the one before is told, and says what the one before had")
    func shortfall() {
        func full(_ read: Int64, after before: FeedCursor?) -> FeedCursor {
            var full = FeedCursor.beginning("products", .full, after: before, now: 0)
            (full.read, full.finishedAt) = (read, 0)
            return full
        }
        let limits = GuardLimits(rowsDropped: 20, minimum: 20)
        let first = full(20_015, after: nil)
        let short = full(15_000, after: first)
        #expect(first.shortfall(limits) == nil && full(16_012, after: first).shortfall(limits) == nil)
        #expect(
            short.shortfall(limits)
                == "A full read has 15,000 changes, the one before had 20,015 (at most 20 % fewer).")
        #expect(FeedProgress(short).description == "15,000 read, 0 told in 0s, 20,015 before")
        #expect(full(15_000, after: short).shortfall(limits) == nil, "it is said once")
        #expect(full(5, after: full(24, after: nil)).shortfall(limits) == nil, "so few are no batch")
        var cut = FeedCursor.beginning("products", .full, after: first, now: 0)
        cut.read = 3
        #expect(cut.shortfall(limits) == nil, "it has not ended")
        #expect(full(15_000, after: cut).shortfall(limits) != nil, "a read that was begun anew has no length")
    }

    @Test("progress says how long it takes at the pace so far")
    func progress() {
        var cursor = FeedCursor.beginning("prices", .full, now: 0)
        (cursor.read, cursor.told, cursor.remaining, cursor.movedAt) = (12_000, 11_000, 48_000, 10_000_000)
        #expect(FeedProgress(cursor).description == "12,000 read, 11,000 told, 48,000 to go, about 40s")
        cursor.remaining = .max
        #expect(FeedProgress(cursor).description == "12,000 read, 11,000 told, 9,223,372,036,854,775,807 to go")
        cursor.finishedAt = cursor.movedAt
        #expect(FeedProgress(cursor).description == "12,000 read, 11,000 told in 10s")
    }
}
