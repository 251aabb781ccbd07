import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What waits during an outage is noted")
struct BacklogWatchTests {
    /// A broker's double: how many messages wait, and what it was asked.
    private actor Queues {
        var waiting: Int?
        private(set) var asked = 0
        private(set) var rests = 0

        init(_ waiting: Int?) { self.waiting = waiting }

        func set(_ waiting: Int?) { self.waiting = waiting }

        func count(_ queue: String) -> Int? {
            asked += 1
            guard queue == Catalogue.orderPlaced.queue else { return waiting.map { _ in 0 } }
            return waiting
        }

        func rest() { rests += 1 }
    }

    private static let away = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "The ERP does not answer.", remedy: "Wait.")

    private func watch(_ desk: WatchDesk, _ queues: Queues) -> BacklogWatch {
        BacklogWatch(
            ledger: desk.ledger, count: { await queues.count($0) }, rest: { await queues.rest() },
            logger: desk.watchman.logger)
    }

    private func begin(_ desk: WatchDesk, at seconds: Int64 = 0) async throws {
        try await desk.ledger.write { _ = try $0.noteAbsence(of: "erp", because: Self.away, at: WatchDesk.at(seconds)) }
    }

    private func end(_ desk: WatchDesk, at seconds: Int64) async throws {
        try await desk.ledger.write { transaction in
            var outage = try #require(try transaction.outage(number: 1))
            outage.ended(at: WatchDesk.at(seconds))
            try transaction.save(outage)
        }
    }

    /// `second waiting`, of the orders.
    private func noted(_ desk: WatchDesk) async throws -> [String] {
        let samples = try await desk.ledger.read { try $0.samples(of: 1) }
        return samples.filter { $0.queue == Catalogue.orderPlaced.queue }
            .map { "\(($0.at - WatchDesk.noon) / 1_000_000) \($0.ready)" }
    }

    @Test("every ten seconds while it lasts and until it is drained, and the broker is asked nothing otherwise")
    func noting() async throws {
        try await WatchDesk.with { desk in
            let queues = Queues(0)
            let watch = watch(desk, queues)
            await watch.lookOnce("w", now: WatchDesk.at(0))
            #expect(await queues.asked == 0)
            try await begin(desk)
            for second: Int64 in [0, 4, 8, 12, 22] {
                await queues.set(Int(second) * 10)
                await watch.lookOnce("w", now: WatchDesk.at(second))
            }
            try await end(desk, at: 25)
            await queues.set(30)
            await watch.lookOnce("w", now: WatchDesk.at(33))
            await queues.set(0)
            await watch.lookOnce("w", now: WatchDesk.at(44))
            let asked = await queues.asked
            await watch.lookOnce("w", now: WatchDesk.at(60))
            let samples = try await noted(desk)
            #expect(samples == ["0 0", "12 120", "22 220", "33 30", "44 0"])
            let outage = try await desk.ledger.read { try $0.outage(number: 1) }
            #expect(outage?.drainedAt == WatchDesk.at(25), "nobody has said what was taken")
            #expect(await queues.asked == asked)
            #expect(await queues.rests == 1)
        }
    }

    @Test("by one process for all")
    func one() async throws {
        try await WatchDesk.with { desk in
            let (first, second) = (Queues(5), Queues(7))
            try await begin(desk)
            await watch(desk, first).lookOnce("w-1", now: WatchDesk.at(0))
            await watch(desk, second).lookOnce("w-2", now: WatchDesk.at(20))
            let early = try await noted(desk)
            await watch(desk, second).lookOnce("w-2", now: WatchDesk.at(120))
            let late = try await noted(desk)
            #expect(early == ["0 5"] && late == ["0 5", "120 7"])
        }
    }

    @Test("not by a broker that does not say, and then nothing is drained")
    func silent() async throws {
        try await WatchDesk.with { desk in
            let queues = Queues(nil)
            let watch = watch(desk, queues)
            try await begin(desk)
            await watch.lookOnce("w", now: WatchDesk.at(0))
            try await end(desk, at: 5)
            await watch.lookOnce("w", now: WatchDesk.at(20))
            let samples = try await noted(desk)
            let outage = try await desk.ledger.read { try $0.outage(number: 1) }
            #expect(samples.isEmpty && outage?.drainedAt == nil)
            let health = await watch.check()
            #expect(health.isUp && health.detail == "watching 1 outage")
        }
    }
}
