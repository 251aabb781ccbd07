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
    private static let programs = [
        "orders-worker", "inventory-worker", "tracking-worker", "customers-worker", "erp-feed",
    ]

    @Test(
        "an hour ahead or back, in a time zone with summer time, all that comes and goes does so once and in UTC",
        arguments: [[3_600, 0], [-3_600, 0], [3_600, -3_600]])
    func jumps(offsets: [Int64]) async throws {
        try await Rig.with { rig in
            let clock = try await WallClock(rig.directory)
            let programs = try Self.programs.map { try start($0, clock, rig) }
            for program in programs { try await WorkerHealth(of: program).waitUntilReady() }
            // One of them comes back from a retry queue behind the jump.
            try await rig.simulator.fault(#"{"kind":"error","status":503,"path":"/orders","count":1}"#)
            var numbers = try await rig.place(["before-1", "before-2"])
            for (index, offset) in offsets.enumerated() {
                try clock.set(offset)
                numbers += try await rig.place((1...5).map { "jump-\(index)-\($0)" })
                try await changeERP(index, rig)
                try await rig.waitForOrders(numbers, within: .seconds(60))
                try await ship("jump-\(index)-1", index, rig)
                try await waitForERP("jump-\(index)-1", index, rig)
                let applied = try #require(try await rig.journal("jump-\(index)-1").map(\.at).max())
                let expected = Timestamp.now().microseconds + offset * 1_000_000
                #expect(abs(applied - expected) < 300_000_000, "the worker's clock was not set")
            }
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers, writes: nil)
            try await rig.expectShownOnce(numbers)
            #expect(try await rig.allDeadLetters() == 0)
            for program in programs { try await rig.stop(program) }
        }
    }

    /// The ERP counts stock, and an account gets another name.
    private func changeERP(_ index: Int, _ rig: Rig) async throws {
        try await rig.simulator.control(
            "changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"\#(70 + index)"}"#)
        try await rig.simulator.control(
            "changes/customers", #"{"account":"C-10001","name":"Company \#(index)"}"#)
    }

    /// The ERP states a shipment of an order by itself: the order's own status stays as it was answered.
    private func ship(_ number: String, _ index: Int, _ rig: Rig) async throws {
        try await rig.simulator.control(
            "changes/shipments",
            #"""
            {"number":"SH-\#(index)","storeNumber":"\#(number)","erpNumber":"SH","warehouse":"EAST","state":"shipped",
            "trackingNumbers":["1Z\#(index)"],"lines":[{"lineId":"1","sku":"FST-0001","quantity":"1"}]}
            """#)
    }

    private func waitForERP(_ number: String, _ index: Int, _ rig: Rig) async throws {
        let expected = "\(70 + index) Company \(index) shipped 1Z\(index)"
        try await eventually(within: .seconds(60), "stock, account and shipment behind the jump") {
            let shown = try await rig.ledger { try Self.shown(number, $0) }
            guard shown == expected else { throw RigError.unexpectedAnswer(shown ?? "nothing") }
            return true
        }
    }

    private static func shown(_ number: String, _ snapshot: LedgerSnapshot) throws -> String? {
        try snapshot.first(
            """
            SELECT s.on_hand || ' ' || c.name || ' ' || h.state || ' ' || p.tracking_number
            FROM store_stock AS s JOIN store_customer AS c JOIN store_shipment AS h
                JOIN store_parcel AS p ON p.shipment = h.id
            WHERE s.sku = 'FST-0001' AND s.warehouse = 'EAST' AND c.account = 'C-10001' AND h.number = ?
            """, .text(number)
        ) { $0.text(0) }
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
}
