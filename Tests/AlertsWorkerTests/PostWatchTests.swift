import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Batches, gaps, outages and drift become alerts")
struct PostWatchTests {
    private static let pause = FlowPause(
        queue: "orders.to-erp", holder: "w-1", since: WatchDesk.at(0), code: "erp.unavailable",
        reason: "The ERP does not answer.", remedy: "See whether it runs.")

    private func park(_ desk: WatchDesk, at seconds: Int64) async throws {
        try await desk.ledger.write { transaction in
            _ = try transaction.execute(
                "INSERT INTO feed_parked (stream, at, reason, diff) VALUES ('prices', ?, 'All are zero.', '')",
                .integer(WatchDesk.at(seconds)))
        }
    }

    @Test("each parked batch is an alert until it is released or discarded")
    func parked() async throws {
        try await WatchDesk.with { desk in
            try await park(desk, at: 0)
            try await park(desk, at: 0)
            let first = try await desk.look(at: 1)
            #expect(first.map(\.key) == ["parked-batch/1", "parked-batch/2"])
            let second = try await desk.look(at: 60)
            #expect(second.isEmpty)
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM feed_parked WHERE id = 1") }
            let ended = try await desk.look(at: 61)
            #expect(ended.map(\.key) == ["parked-batch/1"] && ended.map(\.state) == [.resolved])
        }
    }

    @Test("a flow that is paused for longer than a moment is an outage, with all who wait for the same")
    func outage() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write { try $0.record(Self.pause, now: WatchDesk.at(60)) }
            #expect(try await desk.look(at: 60).isEmpty)
            try await desk.ledger.write { transaction in
                try transaction.record(Self.pause, now: WatchDesk.at(130))
                try transaction.noteWait(
                    FeedWait(
                        stream: "products", since: WatchDesk.at(5), until: WatchDesk.at(140),
                        reason: "The ERP does not answer.", remedy: "See whether it runs."))
            }
            let alert = try #require(try await desk.look(at: 130).first)
            #expect(alert.key == "outage/erp" && alert.severity == .critical && alert.count == 2)
            #expect(alert.sentence.contains("feed of products, orders.to-erp"))
            #expect(alert.raisedAt.microseconds == WatchDesk.at(0))
            try await desk.ledger.write { transaction in
                try transaction.endPause(queue: "orders.to-erp", holder: "w-1")
                try transaction.endWait(of: "products")
            }
            let end = try #require(try await desk.look(at: 200).first)
            #expect(
                end.state == .resolved
                    && end.sentence.hasPrefix("Nothing waits for the ERP any more, 3m 20s after it began."))
        }
    }

    @Test("messages that the broker does not take are an outage of the broker")
    func stuck() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write { transaction in
                try transaction.enqueueOutbox(
                    OutboxMessage(
                        id: "m-1", exchange: "commerce", routingKey: "stock.v1", contentType: "c", type: "stock.v1",
                        subject: "A/B", revision: 1, body: [1]), at: WatchDesk.at(0))
            }
            #expect(try await desk.watchman.look(at: WatchDesk.at(119)) == 0)
            #expect(try await desk.watchman.look(at: WatchDesk.at(121)) == 1)
            let keys = try await desk.ledger.read { try $0.openSaidKeys(prefix: "outage/") }
            #expect(keys == ["outage/broker"])
        }
    }

    @Test("objects that cannot be read are one alert for each stream")
    func gaps() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write { transaction in
                for key in ["P-1", "P-2"] {
                    _ = try transaction.noteGap(
                        FeedGap(
                            stream: "products", key: key, kind: .unreadable, reason: "no name", since: WatchDesk.at(0)),
                        now: WatchDesk.at(0))
                }
            }
            let alert = try #require(try await desk.look(at: 1).first)
            #expect(alert.key == "feed-gap/products" && alert.severity == .warning && alert.subjects == ["P-1", "P-2"])
        }
    }

    @Test("what drifts is said again only when more of it drifts")
    func drift() async throws {
        try await WatchDesk.with { desk in
            func remember(_ subjects: [String], at seconds: Int64) async throws {
                try await desk.ledger.write { transaction in
                    for subject in subjects {
                        _ = try transaction.remember(
                            Drift(
                                kind: "stock/EAST", subject: subject, what: .differing, digest: "d",
                                since: WatchDesk.at(seconds), seenAt: WatchDesk.at(seconds)))
                    }
                    _ = try transaction.forgetDrift(of: "stock/EAST", notSeenAt: WatchDesk.at(seconds))
                }
            }
            try await remember(["A"], at: 0)
            let first = try #require(try await desk.look(at: 0).first)
            #expect(
                first.key == "drift/stock/EAST"
                    && first.commands.first == "stevedore reconcile stock --warehouse EAST --remember")
            try await remember(["A"], at: 100)
            #expect(try await desk.look(at: 100).isEmpty)
            try await remember(["A", "B"], at: 200)
            #expect(try await desk.look(at: 200).map(\.count) == [2])
            try await remember([], at: 300)
            #expect(try await desk.look(at: 300).map(\.state) == [.resolved])
        }
    }

    @Test("of many thousands that drift each kind is said once, with its own objects")
    func muchDrift() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write { transaction in
                _ = try transaction.execute(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)
                    INSERT INTO drift (kind, subject, class, digest, since, seen_at)
                        SELECT 'products', 'P-' || i, 'differing', 'd', ?1, ?1 FROM n
                    """, .integer(WatchDesk.at(0)))
                for subject in ["A", "B"] {
                    _ = try transaction.remember(
                        Drift(
                            kind: "stock/EAST WING", subject: subject, what: .differing, digest: "d",
                            since: WatchDesk.at(10), seenAt: WatchDesk.at(10)))
                }
            }
            let first = try await desk.look(at: 20)
            #expect(first.map(\.count) == [10_050, 2] && first.last?.subjects == ["A", "B"])
            #expect(first.last?.lastAt.microseconds == WatchDesk.at(10))
            #expect(first.last?.commands.first == "stevedore reconcile stock --warehouse 'EAST WING' --remember")
            for second: Int64 in [30, 40] {
                let quiet = try await desk.look(at: second)
                #expect(quiet.isEmpty)
            }
        }
    }

    /// Cannot look.
    private struct BlindPost: Watchpost {
        let prefix = "blind/"
        func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] { throw LedgerError.closed }
        func ending(of alert: Alert, now: Int64) -> String { "" }
    }

    @Test("what cannot be looked at hides nothing else")
    func blind() async throws {
        try await WatchDesk.with { desk in
            try await park(desk, at: 0)
            try await desk.fail("W-1")
            let watchman = Watchman(
                ledger: desk.ledger, book: WatchDesk.book, posts: [BlindPost(), ParkedPost()],
                logger: desk.watchman.logger)
            let round = await watchman.lookAround(at: WatchDesk.at(1))
            #expect(round.said == 2 && round.failure is LedgerError)
        }
    }

    @Test("what is not expected any more is not said to have happened")
    func calledOff() async throws {
        let time = try #require(Timestamp(microseconds: WatchDesk.at(0)))
        let alert = Alert(
            key: "expectation/prices", revision: 1, kind: .expectation, severity: .error, code: "expectation.missed",
            sentence: "No prices.", remedy: "", raisedAt: time, lastAt: time)
        let removed = ExpectationPost(declared: []).ending(of: alert, now: WatchDesk.at(1))
        #expect(removed == "This is not expected any more: the settings name no expectation prices.")
        let declared = ExpectationPost(declared: [ExpectationDesk.prices]).ending(of: alert, now: WatchDesk.at(1))
        #expect(declared == "Nothing of what was expected (prices) is missing any more.")
    }
}
