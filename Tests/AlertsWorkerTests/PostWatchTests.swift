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
            #expect(alert.sentence.contains("orders.to-erp, feed of products"))
            #expect(alert.raisedAt.microseconds == WatchDesk.at(0))
            try await desk.ledger.write { transaction in
                try transaction.endPause(queue: "orders.to-erp", holder: "w-1")
                try transaction.endWait(of: "products")
            }
            let end = try #require(try await desk.look(at: 200).first)
            #expect(end.state == .resolved && end.sentence.contains("The ERP works again after 3m 20s"))
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
                first.key == "drift/stock/EAST" && first.commands.first == "stevedore reconcile stock --warehouse EAST")
            try await remember(["A"], at: 100)
            #expect(try await desk.look(at: 100).isEmpty)
            try await remember(["A", "B"], at: 200)
            #expect(try await desk.look(at: 200).map(\.count) == [2])
            try await remember([], at: 300)
            #expect(try await desk.look(at: 300).map(\.state) == [.resolved])
        }
    }
}
