import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("The end of an outage is told once, with how it went, when what waited is worked off")
struct OutageEndingTests {
    private static let away = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "The ERP does not answer.",
        remedy: "See whether it runs.")

    private func change(_ desk: WatchDesk, _ body: @escaping @Sendable (inout Outage) -> Void) async throws {
        try await desk.ledger.write { transaction in
            var outage = try #require(try transaction.outage(number: 1))
            body(&outage)
            try transaction.save(outage)
        }
    }

    private func pause(_ desk: WatchDesk, since: Int64, seen: Int64) async throws {
        let pause = FlowPause(
            queue: "orders.to-erp", holder: "w-1", since: WatchDesk.at(since), code: Self.away.code,
            reason: Self.away.sentence, remedy: Self.away.remedy)
        try await desk.ledger.write { try $0.record(pause, now: WatchDesk.at(seen)) }
    }

    private func resume(_ desk: WatchDesk) async throws {
        try await desk.ledger.write { try $0.endPause(queue: "orders.to-erp", holder: "w-1") }
    }

    /// From 0 to 200, told at 132.
    private func outage(_ desk: WatchDesk) async throws {
        try await desk.ledger.write { _ = try $0.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(0)) }
        try await change(desk) { $0.probed(by: "w-2", Self.away, at: WatchDesk.at(131)) }
        try await pause(desk, since: 0, seen: 132)
        let raised = try await desk.look(at: 132)
        #expect(raised.map(\.state) == [.open])
        try await change(desk) { outage in
            outage.probed(by: "w-2", nil, at: WatchDesk.at(199))
            outage.ended(at: WatchDesk.at(200))
        }
        try await resume(desk)
    }

    /// Nothing waits at that second.
    private func drain(_ desk: WatchDesk, at seconds: Int64) async throws {
        let ready = Dictionary(uniqueKeysWithValues: FlowBacklog.flows(to: "erp").map { ($0, 0) })
        try await desk.ledger.write { try $0.noteBacklog(of: 1, ready: ready, at: WatchDesk.at(seconds)) }
    }

    @Test("until then it is said that what waited is being worked off, and nobody else need be called")
    func draining() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            let back = try #require(try await desk.look(at: 205).first)
            let same = try await desk.look(at: 250)
            #expect(same.isEmpty)
            #expect(back.state == .open && back.owner == "the fleet" && back.sentence.contains("answers again since"))
            let quiet = try await desk.look(at: 300)
            #expect(quiet.isEmpty)
            try await drain(desk, at: 310)
            let end = try #require(try await desk.look(at: 311).first)
            #expect(end.state == .resolved && end.sentence.contains("3m 20s"))
            #expect(end.sentence.contains("It was asked 2 times whether it was back."))
            #expect(end.sentence.contains(Self.away.sentence))
            let told = try await desk.ledger.read { try $0.outage(number: 1) }
            #expect(told?.toldAt == WatchDesk.at(311))
            let after = try await desk.look(at: 400)
            #expect(after.isEmpty)
        }
    }

    @Test("whoever has heard of the outage gets one mail of its end")
    func once() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            try await desk.ledger.write { transaction in
                for notice in try transaction.dueNotices(at: WatchDesk.at(200), limit: 10) {
                    try transaction.end(notice, as: .sent, message: "m", now: WatchDesk.at(200))
                }
            }
            _ = try await desk.look(at: 250)
            let draining = try await desk.notices(of: "outage/erp")
            #expect(draining == ["raised sent"])
            try await drain(desk, at: 310)
            _ = try await desk.look(at: 311)
            let ended = try await desk.notices(of: "outage/erp")
            #expect(ended == ["raised sent", "resolved due"])
        }
    }

    @Test("after six hours it is told though not all is worked off, and says so")
    func patience() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            _ = try await desk.look(at: 250)
            let early = try await desk.look(at: 200 + 6 * 3_600 - 1)
            let end = try #require(try await desk.look(at: 200 + 6 * 3_600).first)
            #expect(early.isEmpty && end.state == .resolved)
            #expect(end.sentence.contains("told now because 6h have passed since it was back"))
        }
    }

    @Test("one that comes back meanwhile is away again, and its end is told later")
    func relapse() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            _ = try await desk.look(at: 250)
            try await desk.ledger.write { _ = try $0.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(255)) }
            try await pause(desk, since: 255, seen: 262)
            let again = try #require(try await desk.look(at: 262).first)
            #expect(again.state == .open && again.owner == nil && again.sentence.contains("cannot be reached"))
            try await change(desk) { $0.ended(at: WatchDesk.at(300)) }
            try await resume(desk)
            try await drain(desk, at: 305)
            let end = try #require(try await desk.look(at: 360).first)
            #expect(end.state == .resolved && end.sentence.contains("5m"))
        }
    }

    @Test("an outage that nobody had to know of is told to nobody")
    func short() async throws {
        try await WatchDesk.with { desk in
            try await desk.ledger.write { _ = try $0.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(0)) }
            try await pause(desk, since: 0, seen: 20)
            let away = try await desk.look(at: 20)
            try await change(desk) { $0.ended(at: WatchDesk.at(60)) }
            try await resume(desk)
            let back = try await desk.look(at: 61) + desk.look(at: 200)
            let told = try await desk.ledger.read { try $0.outage(number: 1)?.toldAt }
            #expect(away.isEmpty && back.isEmpty && told == nil)
        }
    }

    @Test("it says who had it asked at once")
    func closed() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            try await change(desk) { $0.closedBy = "anna" }
            try await drain(desk, at: 210)
            let end = try #require(try await desk.look(at: 311).first)
            #expect(end.sentence.contains("the last time because anna said that it was."))
        }
    }

    @Test("of several outages in that time the longest is reported")
    func several() async throws {
        try await WatchDesk.with { desk in
            try await outage(desk)
            try await drain(desk, at: 205)
            try await desk.ledger.write { transaction in
                var second = try transaction.noteAbsence(of: "erp.changes", because: Self.away, at: WatchDesk.at(150))
                    .outage
                second.ended(at: WatchDesk.at(210))
                second.drainedAt = WatchDesk.at(210)
                try transaction.save(second)
            }
            let end = try #require(try await desk.look(at: 311).first)
            #expect(end.sentence.contains("3m 20s") && end.sentence.contains("It was away 2 times until then"))
        }
    }
}
