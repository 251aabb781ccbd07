import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

/// Somebody has to know of what is away for two minutes here, from when it was seen first until it was seen last.
@Suite("How long something is away is what was seen of it, not how long somebody waits for the next try")
struct OutageSightingTests {
    private static let failure = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "The ERP does not answer.",
        remedy: "See whether it runs.")

    private func wait(_ desk: WatchDesk, _ stream: String, since: Int64, until: Int64) async throws {
        let wait = FeedWait(
            stream: stream, since: WatchDesk.at(since), until: WatchDesk.at(until), reason: "The ERP does not answer.",
            remedy: "Wait.")
        try await desk.ledger.write { try $0.noteWait(wait) }
    }

    private func pause(_ desk: WatchDesk, since: Int64, seen: Int64) async throws {
        let pause = FlowPause(
            queue: "orders.to-erp", holder: "w-1", since: WatchDesk.at(since), code: Self.failure.code,
            reason: Self.failure.sentence, remedy: Self.failure.remedy)
        try await desk.ledger.write { try $0.record(pause, now: WatchDesk.at(seen)) }
    }

    private func change(_ desk: WatchDesk, _ body: @escaping @Sendable (inout Outage) -> Void) async throws {
        try await desk.ledger.write { transaction in
            var outage = try #require(try transaction.standingOutage(of: "erp"))
            body(&outage)
            try transaction.save(outage)
        }
    }

    @Test("a stream that waits for its next try says nothing new of the ERP, one that has failed again does")
    func feed() async throws {
        try await WatchDesk.with { desk in
            for second: Int64 in [0, 60, 110] {
                try await wait(desk, "orders", since: 0, until: second == 110 ? 170 : 61)
                let early = try await desk.look(at: second)
                #expect(early.isEmpty)
            }
            // The ERP may be back for a minute: nobody has asked it since.
            for second: Int64 in [121, 150, 169] {
                let quiet = try await desk.look(at: second)
                #expect(quiet.isEmpty)
            }
            try await wait(desk, "orders", since: 0, until: 200)
            let raised = try await desk.look(at: 171)
            #expect(raised.map(\.key) == ["outage/erp"])
            #expect(raised.map(\.raisedAt.microseconds) == [WatchDesk.at(0)])
        }
    }

    @Test("what is over before its time is told to nobody, though a stream waits on")
    func over() async throws {
        try await WatchDesk.with { desk in
            try await pause(desk, since: 0, seen: 100)
            try await wait(desk, "orders", since: 1, until: 140)
            let away = try await desk.look(at: 100)
            try await desk.ledger.write { try $0.endPause(queue: "orders.to-erp", holder: "w-1") }
            let waiting = try await desk.look(at: 139)
            try await desk.ledger.write { try $0.endWait(of: "orders") }
            let back = try await desk.look(at: 200)
            #expect(away.isEmpty && waiting.isEmpty && back.isEmpty)
        }
    }

    @Test("a worker that waits for an outage of the fleet has seen what the one has seen that asks")
    func fleet() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write {
                _ = try $0.noteAbsence(of: "erp", because: Self.failure, at: WatchDesk.at(0))
            }
            try await change(desk) { $0.probed(by: "w-2", Self.failure, at: WatchDesk.at(60)) }
            try await pause(desk, since: 0, seen: 130)
            let early = try await desk.look(at: 130)
            #expect(early.isEmpty)
            try await change(desk) { $0.probed(by: "w-2", Self.failure, at: WatchDesk.at(131)) }
            let raised = try await desk.look(at: 132)
            #expect(raised.map(\.key) == ["outage/erp"])
        }
    }

    @Test("a worker that has not looked yet whether an outage of the fleet is over makes none of it")
    func ended() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write {
                _ = try $0.noteAbsence(of: "erp", because: Self.failure, at: WatchDesk.at(0))
            }
            try await change(desk) { $0.ended(at: WatchDesk.at(100)) }
            try await pause(desk, since: 0, seen: 130)
            let quiet = try await desk.look(at: 131)
            #expect(quiet.isEmpty)
        }
    }

    @Test("a stream that failed long enough, but before calls went well again, makes no outage of what is over")
    func endedWhileFeedWaits() async throws {
        try await WatchDesk.with { desk in
            try await wait(desk, "orders", since: 0, until: 119)
            let first = try await desk.look(at: 118)
            try await desk.ledger.write {
                _ = try $0.noteAbsence(of: "erp", because: Self.failure, at: WatchDesk.at(0))
            }
            try await wait(desk, "orders", since: 0, until: 150)
            let second = try await desk.look(at: 119) + desk.look(at: 130)
            try await change(desk) { $0.ended(at: WatchDesk.at(140)) }
            try await wait(desk, "orders", since: 0, until: 160)
            let over = try await desk.look(at: 141)
            #expect(first.isEmpty && second.isEmpty && over.isEmpty)
            // It fails all the same, long after the others go on.
            try await wait(desk, "orders", since: 0, until: 170)
            let failing = try await desk.look(at: 161)
            #expect(failing.map(\.key) == ["outage/erp"])
        }
    }

    @Test("the pause of a worker that was killed is not renewed, and becomes no outage by lying there")
    func killed() async throws {
        try await WatchDesk.with { desk in
            try await pause(desk, since: 0, seen: 90)
            for second: Int64 in [90, 150, 200] {
                let quiet = try await desk.look(at: second)
                #expect(quiet.isEmpty)
            }
        }
    }
}
