import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("While the ERP is away", .needsBroker, .timeLimit(.minutes(5)))
struct OutageFaultTests {
    @Test(
        "the clock is set by an hour: the outage ends when the ERP is back, and all arrives once",
        .enabled(if: WallClock.isPossible, "needs a C compiler"), arguments: [3_600, -3_600] as [Int64])
    func clock(offset: Int64) async throws {
        try await Rig.with { rig in
            let clock = try await WallClock(rig.directory)
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let workers = try (0..<2).map { _ in
                try ChildProcess(
                    "orders-worker", environment: rig.workerEnvironment.merging(clock.environment) { $1 })
            }
            try await rig.place(["first"])
            for worker in workers { try await worker.waitForLine(containing: "flow paused") }
            try clock.set(offset)
            let numbers = try await rig.place((1...20).map { "jump-\($0)" })
            try await rig.waitUntilNoted(numbers.count + 1)
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(["first"] + numbers, within: .seconds(90))
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(["first"] + numbers)
            let outages = try await rig.outages()
            #expect(outages.count == 1 && outages.first?.endedAt != nil, "\(outages)")
            #expect(try await rig.allDeadLetters() == 0)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test(
        "the disk fills up: readiness says so, the ERP hears nothing it could not be remembered for, and with room all arrives",
        .enabled(if: SmallDisk.isPossible, "needs to mount a small disk, which takes root"))
    func fullDisk() async throws {
        try await Rig.with { rig in
            try await SmallDisk.with(megabytes: 8) { disk in
                try await rig.simulator.fault(#"{"kind":"down"}"#)
                let worker = try rig.startWorker(["LEDGER_PATH": disk.file("ledger.db")])
                let health = try await WorkerHealth(of: worker)
                try await health.waitUntilReady()
                try await rig.place(["first"])
                try await worker.waitForLine(containing: "flow paused")
                try await disk.fill()
                let numbers = try await rig.place((0..<200).map { "full-\($0)" })
                try await worker.waitForLine(containing: "message=blocked")
                try await health.waitUntilNotReady(because: "ledger")
                let noted = try await disk.ledger { snapshot in
                    try snapshot.first("SELECT count(*) FROM journal WHERE stage = 'noted'") { $0.integer(0) } ?? 0
                }
                // What nobody could note is still there to be noted.
                let left = try #require(try await rig.host.depth(of: "orders.taken")).messages
                #expect(left > 0 && noted + Int64(left) >= 201, "\(noted) noted, \(left) left")
                try await rig.simulator.clearFaults()
                try await disk.makeRoom()
                try await health.waitUntilReady()
                try await eventually(within: .seconds(90), "all orders to be in the ERP") {
                    try await rig.simulator.summary().orders == 201
                }
                try await rig.waitUntilQuiet(ledger: disk.file("ledger.db"))
                try await rig.expectOnce(["first"] + numbers)
                #expect(try await rig.deadLetters() == 0)
                try await rig.stop(worker)
            }
        }
    }
}
