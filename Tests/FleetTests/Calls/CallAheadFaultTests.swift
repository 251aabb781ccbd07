import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite("A message that cannot wait for its turn, and what goes wrong with it")
struct CallAheadFaultTests {
    @Test("fails once before its turn, goes nowhere, and waits for it")
    func failing() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let body = try await desk.note("A")
            let rig = desk.rig { $0 == "A" ? .failure(Samples.failure) : CallRig.applied }
            try await rig.running([]) {
                try await eventually { try await desk.stages("A") == ["claimed", "returned"] }
                // Another one is called for meanwhile, so that looks are taken.
                try await desk.note("B", rank: 2)
                try await desk.waitUntilApplied("B")
                #expect(desk.calls == ["A", "B"])
                #expect(rig.sink.published.isEmpty)
                await rig.feed.feed([Samples.delivery(body)])
                try await inTime { await rig.feed.settled(1) }
            }
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.dead"])
        }
    }

    @Test("that meets an outage in its call stops the flow, spends nothing, and is called for when the system is back")
    func outage() async throws {
        try await withLedger { ledger in
            let (desk, isBack) = (AheadDesk(ledger), Shared(false))
            try await desk.note("A")
            let rig = desk.rig(isThere: isBack) { _ in
                isBack.withLock { $0 } ? CallRig.applied : .failure(Self.alone)
            }
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                isBack.withLock { $0 = true }
                try await desk.waitUntilApplied("A")
            }
            #expect(rig.sink.published.isEmpty)
            #expect(await rig.feed.settlements == [])
        }
    }

    @Test("that the system puts off for a moment is called for after that")
    func putOff() async throws {
        try await withLedger { ledger in
            let (desk, times) = (AheadDesk(ledger), Shared<[ContinuousClock.Instant]>([]))
            let moment = Duration.milliseconds(300)
            try await desk.note("A")
            let rig = desk.rig { _ in
                let tries = times.withLock { times in
                    times.append(.now)
                    return times.count
                }
                return tries == 1 ? .slowDown(after: moment) : CallRig.applied
            }
            try await rig.running([]) { try await desk.waitUntilApplied("A") }
            let (first, last) = times.withLock { ($0.first, $0.last) }
            #expect(try #require(last) - #require(first) >= moment)
            #expect(desk.calls == ["A", "A"] && rig.sink.published.isEmpty)
        }
    }

    @Test("that the system puts off for long, beside calls that it takes, waits for its turn from then on")
    func putOffForLong() async throws {
        try await withLedger { ledger in
            let (desk, gate) = (AheadDesk(ledger), Latch<Void>())
            try await desk.note("late")
            let rig = desk.rig { number in
                guard number == "late" else {
                    await gate.wait()
                    return CallRig.applied
                }
                return .slowDown(after: .seconds(3_600))
            }
            // Something else is being called for, so that the refusal is not that of a system without any room.
            try await rig.running(try Samples.orders(["busy"])) {
                try await eventually { try await desk.stages("late") == ["claimed", "returned"] }
                #expect(try await desk.listed().isEmpty)
                gate.open()
                try await inTime { await rig.feed.settled(1) }
            }
            #expect(desk.calls.count { $0 == "late" } == 1)
            #expect(rig.sink.published.isEmpty)
        }
    }

    @Test("that the system puts off again and again for a moment keeps its place")
    func putOffAgainAndAgain() async throws {
        try await withLedger { ledger in
            let (desk, tries) = (AheadDesk(ledger), Shared(0))
            try await desk.note("A")
            let rig = desk.rig(waiting: .milliseconds(20)) { _ in
                let count = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                return count < 3 ? .slowDown(after: .milliseconds(40)) : CallRig.applied
            }
            try await rig.running([]) { try await desk.waitUntilApplied("A") }
            #expect(try await desk.stages("A").contains("returned"), "it was held too long meanwhile")
            #expect(rig.sink.published.isEmpty)
        }
    }

    @Test("and fails alone in its turn waits for its next try as others do")
    func failingInItsTurn() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let body = try await desk.note("A", age: 1)
            let rig = desk.rig { $0 == "A" ? .failure(Self.alone) : CallRig.applied }
            try await rig.running([Samples.delivery(body)]) {
                try await inTime { await rig.feed.settled(1) }
                #expect(try await desk.stages("A") == ["claimed", "retried"])
                try await desk.age("A")
                try await desk.note("B", rank: 2)
                try await desk.waitUntilApplied("B")
            }
            #expect(desk.calls == ["A", "B"])
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.retry.5s"])
        }
    }

    private static let alone = Failure(code: "c", category: .transient, sentence: "s", remedy: "r")

    @Test("and has not begun when its worker stops settles nothing")
    func stopping() async throws {
        try await withLedger { ledger in
            let (desk, gate) = (AheadDesk(ledger), Latch<Void>())
            for index in 0..<40 { try await desk.note("S-\(index)") }
            let rig = desk.rig(answeringAfter: gate)
            let running = Task { await rig.worker.run() }
            try await eventually { !desk.calls.isEmpty }
            await rig.stop()
            gate.open()
            try await inTime { await running.value }
            #expect(await rig.feed.settlements == [])
            #expect(await rig.worker.aheadCount == 0)
            let begun = desk.calls.count
            #expect(try await desk.appliedCount() == begun && begun < 40)
        }
    }

    @Test("is dropped when the deliveries come on a new channel, and found again")
    func newChannel() async throws {
        try await withLedger { ledger in
            let (desk, gate) = (AheadDesk(ledger), Latch<Void>())
            for index in 0..<40 { try await desk.note("S-\(index)") }
            let rig = desk.rig(answeringAfter: gate)
            try await rig.running([]) {
                try await eventually { await rig.worker.aheadCount > 4 }
                await rig.feed.feed([Samples.delivery(try Samples.orderBody("own"), tag: 9, epoch: 5)])
                gate.open()
                try await eventually { try await desk.appliedCount() == 41 }
                try await inTime { await rig.feed.settled(1) }
            }
            #expect(await rig.feed.settlements == [.ack(DeliveryTag(epoch: 5, value: 9))])
            #expect(Set(desk.calls).count == desk.calls.count)
        }
    }

    @Test("is called for once by two workers that look at the same list")
    func twoWorkers() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let numbers = (0..<60).map { "S-\($0)" }
            for number in numbers { try await desk.note(number) }
            let (one, other) = (desk.rig(), desk.rig(worker: "w-2"))
            try await one.running([]) {
                try await other.running([]) { try await eventually { try await desk.appliedCount() == 60 } }
            }
            #expect(desk.calls.sorted() == numbers.sorted())
        }
    }
}
