import Fleet
import FleetTesting
import Ledger
import Models
import Testing

/// With the wall clock of every program in the test's hand; what measures time by itself (CLOCK_MONOTONIC) runs on.
@Suite(
    "When the clock is set", .needsBroker, .timeLimit(.minutes(10)),
    .enabled(if: WallClock.isPossible, "needs a C compiler"))
struct ClockTests {
    @Test(
        "an hour ahead or back, in a time zone with summer time, orders, stock and answers go on, each once and in UTC",
        arguments: [[3_600, 0], [-3_600, 0], [3_600, -3_600]])
    func jumps(offsets: [Int64]) async throws {
        try await Rig.with { rig in
            let clock = try await WallClock(rig.directory)
            let programs = try ["orders-worker", "inventory-worker", "erp-feed"].map { try start($0, clock, rig) }
            for program in programs { try await WorkerHealth(of: program).waitUntilReady() }
            // One of them comes back from a retry queue behind the jump.
            try await rig.simulator.fault(#"{"kind":"error","status":503,"path":"/orders","count":1}"#)
            var numbers = try await rig.place(["before-1", "before-2"])
            for (index, offset) in offsets.enumerated() {
                try clock.set(offset)
                numbers += try await rig.place((1...5).map { "jump-\(index)-\($0)" })
                try await rig.simulator.control(
                    "changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"\#(70 + index)"}"#)
                try await rig.waitForOrders(numbers, within: .seconds(60))
                try await eventually(within: .seconds(60), "the stock") {
                    try await onHand(rig) == "\(70 + index)"
                }
                let applied = try #require(try await rig.journal("jump-\(index)-1").map(\.at).max())
                let expected = Timestamp.now().microseconds + offset * 1_000_000
                #expect(abs(applied - expected) < 300_000_000, "the worker's clock was not set")
            }
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers, writes: nil)
            try await rig.expectShownOnce(numbers)
            #expect(try await rig.deadLetters() == 0)
            for program in programs { try await rig.stop(program) }
        }
    }

    @Test("back behind the lease of a worker that was killed, its order waits for no hour")
    func killedBefore() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries(to: 300)
            let clock = try await WallClock(rig.directory)
            try clock.set(3_600)
            try await rig.simulator.fault(
                #"{"kind":"latency","latency":"60s","method":"POST","path":"/orders","count":1}"#)
            let killed = try start("orders-worker", clock, rig)
            try await rig.place(["orphan"])
            try await eventually("the ERP to have the order") { try await rig.simulator.summary().orders == 1 }
            try await killed.kill()
            let lease = try await rig.ledger { try $0.subjectState(family: "order", subject: "orphan")?.leaseUntil }
            #expect(try #require(lease) > Timestamp.now().microseconds + 3_000_000_000)
            try clock.set(0)
            let other = try start("orders-worker", clock, rig)
            try await rig.waitForOrders(["orphan"], within: .seconds(60))
            try await rig.expectOnce(["orphan"])
            try await rig.stop(other)
        }
    }

    private func start(_ program: String, _ clock: WallClock, _ rig: Rig) throws -> ChildProcess {
        let feed = ["STEVEDORE_FEED_INTERVAL": "100ms", "STEVEDORE_FEED_LOOK_BACK": "1s"]
        return try ChildProcess(
            program, environment: rig.workerEnvironment.merging(feed) { $1 }.merging(clock.environment) { $1 })
    }

    private func onHand(_ rig: Rig) async throws -> String? {
        try await rig.ledger { snapshot in
            try snapshot.first("SELECT on_hand FROM store_stock WHERE sku = 'FST-0001' AND warehouse = 'EAST'") {
                $0.text(0)
            }
        }
    }
}
