import Dispatch
import Fleet
import FleetTesting
import Ledger
import Testing

@Suite("When the ledger cannot be written", .needsBroker, .timeLimit(.minutes(10)))
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
                try await rig.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 10 }
                try await health.waitUntilNotReady(because: "kept busy by other writers", within: .seconds(40))
                #expect(try await health.isLive())
                let depth = try #require(try await rig.host.depth(of: "orders.to-erp"))
                // Whatever was in hand for half a minute goes back, which the log says first.
                let isHandedBack = worker.errors.contains { $0.contains("flow paused") }
                #expect(depth.messages == 10 && (depth.unacknowledged == 10 || isHandedBack), "\(depth)")
                // Without a claim there is no call: the ERP has heard of the first order alone.
                #expect(try await rig.simulator.requests().allSatisfy { $0.storeNumber == "before" })
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
            try await rig.expectShownOnce(["before"] + numbers)
            try await rig.stop(worker)
        }
    }

    @Test(
        "because its disk is full, nothing is acknowledged and readiness says why; with room it goes on without repair",
        .enabled(if: SmallDisk.isPossible, "needs to mount a small disk, which takes root"))
    func fullFileSystem() async throws {
        try await Rig.with { rig in
            try await SmallDisk.with(megabytes: 8) { disk in
                let worker = try rig.startWorker(["LEDGER_PATH": disk.file("ledger.db")])
                let health = try await WorkerHealth(of: worker)
                try await health.waitUntilReady()
                try await rig.place(["before"])
                try await eventually("the order") { try await rig.simulator.summary().orders == 1 }
                try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
                try await disk.fill()
                let numbers = try await rig.place((0..<200).map { "no-space-\($0)" })
                try await health.waitUntilNotReady(because: "ledger")
                try await worker.waitForLine(containing: "message=blocked")
                #expect(try await health.isLive())
                let left = try #require(try await rig.host.depth(of: "orders.to-erp")).messages
                let applied = try await disk.ledger { snapshot in
                    try snapshot.first("SELECT count(*) FROM subject_state WHERE family = 'order' AND revision = 1") {
                        $0.integer(0)
                    }
                }
                // What is acknowledged is in the ledger, and the disk was full before all were.
                #expect(left > 0 && 201 - left <= Int(applied ?? 0), "\(left) left, \(applied ?? 0) applied")
                try await disk.makeRoom()
                try await health.waitUntilReady()
                try await rig.waitUntilQuiet()
                let shown = try await disk.ledger { snapshot in
                    try snapshot.first("SELECT count(*) FROM store_order WHERE answered_revision = 1") { $0.integer(0) }
                }
                #expect(shown == 201)
                try await rig.expectOnce(["before"] + numbers)
                #expect(try await rig.deadLetters() == 0)
                try await rig.stop(worker)
            }
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
            try await rig.expectShownOnce(["before"] + numbers)
            try await rig.stop(worker)
        }
    }
}
