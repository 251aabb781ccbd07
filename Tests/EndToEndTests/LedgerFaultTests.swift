import Dispatch
import Fleet
import FleetTesting
import Ledger
import Testing

@Suite("When the ledger cannot be written", .needsBroker)
struct LedgerFaultTests {
    @Test("because another program holds it, nothing is acknowledged and readiness says why; then it goes on by itself")
    func lockedLedger() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            try await rig.place(["before"])
            try await rig.waitForOrders(["before"])
            let numbers = (0..<10).map { "locked-\($0)" }
            let intruder = try Ledger.open(path: rig.ledgerPath)
            let isOver = DispatchSemaphore(value: 0)
            let (isHeld, held) = AsyncStream<Void>.makeStream()
            async let holding: Void = intruder.write { _ in
                held.finish()
                isOver.wait()
            }
            for await _ in isHeld {}
            do {
                try await rig.place(numbers)
                try await health.waitUntilNotReady(because: "kept busy by other writers", within: .seconds(40))
                #expect(try await health.isLive())
                let depth = try await rig.host.depth(of: "orders.to-erp")
                #expect(depth?.unacknowledged == 10)
                isOver.signal()
            } catch {
                isOver.signal()
                throw error
            }
            try await holding
            await intruder.close()
            try await rig.waitForOrders(numbers)
            try await health.waitUntilReady()
            try await rig.expectOnce(["before"] + numbers)
            try await rig.stop(worker)
        }
    }

    @Test(
        "because there is no room, nothing is acknowledged and readiness says why; with room it goes on without repair")
    func fullDisk() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorkerThatOutlivesFullDisks()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            try await rig.place(["before"])
            try await rig.waitForOrders(["before"])
            // No file of the process may grow beyond one block; what is open already is too large to be written to.
            try await rig.limitFileSize(of: worker, to: "4096")
            try await health.waitUntilNotReady(because: "ledger")
            let numbers = try await rig.place((0..<10).map { "full-\($0)" })
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 10 }
            try await worker.waitForLine(containing: "message=blocked")
            #expect(try await health.isLive())
            #expect(try await rig.simulator.writes().count == 1)
            try await rig.limitFileSize(of: worker, to: "unlimited")
            try await rig.waitForOrders(numbers)
            try await health.waitUntilReady()
            try await rig.expectOnce(["before"] + numbers)
            try await rig.stop(worker)
        }
    }
}
