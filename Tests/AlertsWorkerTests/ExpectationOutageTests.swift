import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What stops the time of expectations, and what does not")
struct ExpectationOutageTests {
    @Test("an outage of the ERP freezes what waits; its time goes on afterwards")
    func frozen() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 600)
            #expect(try await desk.outage(watch, from: 630, to: 10_800) == 0)
            #expect(try await desk.run(watch, from: 10_830, to: 11_130) == 0)
            #expect(try await desk.run(watch, from: 11_160, to: 11_220) == 1)
        }
    }

    @Test("no time counts after an outage before what waited meanwhile is worked off")
    func drained() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 60)
            #expect(try await desk.outage(watch, from: 90, to: 3_600) == 0)
            watch.queueLook = { await Self.backlog($0) }
            var missed = 0
            for second in stride(from: Int64(3_630), through: 5_400, by: 30) {
                try await desk.take("orders.to-erp", at: second - 1, made: 120)
                missed += try await desk.run(watch, from: second, to: second)
            }
            #expect(missed == 0)
            let reason = try await desk.ledger.read { try $0.expectationClocks()[.erp]?.stop?.reason }
            #expect(reason == "The ERP is back, and what waited for it is being worked off.")
            try await desk.take("orders.to-erp", at: 5_420, made: 4_000)
            #expect(try await desk.run(watch, from: 5_430, to: 6_270) == 0)
            #expect(try await desk.run(watch, from: 6_300, to: 6_300) == 1)
        }
    }

    /// Only what is on its way to the ERP waits.
    private static func backlog(_ queue: String) async -> Int? { queue == Catalogue.orderPlaced.queue ? 500 : 0 }

    @Test("what waits after an outage and is not worked off is missed, and so is a worker that takes it")
    func idle() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 60)
            #expect(try await desk.outage(watch, from: 90, to: 3_600) == 0)
            watch.queueLook = { await Self.backlog($0) }
            #expect(try await desk.run(watch, from: 3_630, to: 4_590) == 0)
            #expect(try await desk.run(watch, from: 4_620, to: 4_620) == 1)
            #expect(try await desk.run(watch, from: 4_650, to: 4_680) == 1)
            #expect(
                try await desk.rows() == [
                    "order-answered queue orders.to-erp 0 missed", "order-answered W-1 1 missed",
                ])
        }
    }

    @Test("what says that it is expected always is missed in an outage as well")
    func always() async throws {
        try await ExpectationDesk.with { desk in
            var expectation = ExpectationDesk.answered
            expectation.condition = .always
            let watch = desk.watch(expectation)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            #expect(try await desk.outage(watch, from: 30, to: 1_000) == 1)
        }
    }

    @Test("without the broker nothing is missed, whatever the condition")
    func broker() async throws {
        try await ExpectationDesk.with { desk in
            var expectation = ExpectationDesk.answered
            expectation.condition = .always
            var watch = desk.watch(expectation)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            watch.brokerAbsence = { now in
                ExpectationClock.Stop(since: now, reason: "The broker cannot be reached.")
            }
            #expect(try await desk.run(watch, from: 30, to: 3_600) == 0)
            watch.brokerAbsence = { _ in nil }
            #expect(try await desk.run(watch, from: 3_630, to: 4_620) == 1)
        }
    }

    @Test("hours in which nobody watched do not count, and what happened in them is seen before anything is missed")
    func stopped() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.place("W-2", at: 1)
            try await desk.run(watch, from: 30, to: 900)
            try await desk.run(watch, from: 920, to: 920)
            try await desk.answer("W-1", at: 2_000)
            let next = desk.watch(ExpectationDesk.answered)
            let findings = try await next.look("b", at: ExpectationDesk.at(20_000), elapsed: nil)
            #expect(findings?.missed == ["order-answered": 1], "ten seconds of it count")
            #expect(try await desk.rows() == ["order-answered W-2 1 missed"])
        }
    }

    @Test("a clock that is set by an hour misses nothing and delays nothing")
    func jumps() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 300)
            #expect(try await desk.run(watch, from: 3_930, to: 4_200) == 0)
            #expect(try await desk.run(watch, from: 630, to: 930) == 0)
            #expect(try await desk.run(watch, from: 960, to: 1_050) == 1)
        }
    }

    @Test("of two processes one watches, and the other goes on when it is gone")
    func two() async throws {
        try await ExpectationDesk.with { desk in
            let (first, second) = (desk.watch(ExpectationDesk.answered), desk.watch(ExpectationDesk.answered))
            try await desk.run(first, to: 0, as: "a")
            try await desk.place("W-1", at: 1)
            for time in stride(from: Int64(30), through: 480, by: 30) {
                try await desk.run(first, from: time, to: time, as: "a")
                let other = try await second.look("b", at: ExpectationDesk.at(time + 1), elapsed: .seconds(30))
                #expect(other == nil)
            }
            #expect(try await desk.run(second, from: 510, to: 930, as: "b") == 0)
            #expect(try await desk.run(second, from: 960, to: 1_020, as: "b") == 1)
        }
    }

    @Test("nothing is missed before the journal is read to its end, however often the reader is killed")
    func killed() async throws {
        try await ExpectationDesk.with { desk in
            try await desk.run(desk.watch(ExpectationDesk.answered), to: 0)
            for number in 1...5 { try await desk.place("W-\(number)", at: 1) }
            try await desk.run(desk.watch(ExpectationDesk.answered), from: 30, to: 900)
            for number in 1...4 { try await desk.answer("W-\(number)", at: 901) }
            // Each look is of a new process, which reads a single step and is gone.
            for look in 0..<4 {
                var watch = desk.watch(ExpectationDesk.answered)
                (watch.stepsPerBatch, watch.batchesPerLook) = (1, 1)
                let findings = try await watch.look(
                    "p\(look)", at: ExpectationDesk.at(1_000 + Int64(look) * 70), elapsed: nil)
                #expect(findings?.isCaughtUp == false && findings?.missed.isEmpty == true)
            }
            let findings = try await desk.watch(ExpectationDesk.answered).look(
                "q", at: ExpectationDesk.at(1_400), elapsed: nil)
            #expect(findings?.missed == ["order-answered": 1])
            #expect(try await desk.rows() == ["order-answered W-5 1 missed"])
        }
    }
}
