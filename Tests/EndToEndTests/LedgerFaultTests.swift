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
            try await rig.holdingLedger {
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
            }
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
                try await rig.waitUntilQuiet(ledger: disk.file("ledger.db"))
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
        "because nobody may write its files any more, nothing is acknowledged; once one may, it goes on without repair",
        .enabled(if: SmallDisk.isBreakable, "needs to mount a disk, which takes root"))
    func permissionLost() async throws {
        try await Rig.with { rig in
            try await SmallDisk.withBreakable { disk in
                let (worker, health) = try await startOn(disk, rig)
                // Not the -shm, which is mapped: Linux ends who writes to a page of such a file that it has written back.
                let files = ["ledger.db", "ledger.db-wal"]
                try await disk.freeze(files)
                let numbers = try await rig.place((0..<10).map { "frozen-\($0)" })
                try await expectBlocked(worker, health, rig)
                try await disk.freeze(files, false)
                try await expectAll(["before"] + numbers, on: disk, worker, rig)
            }
        }
    }

    @Test(
        "because its file system has become read-only, nothing is acknowledged; repaired and started again, all arrives once",
        .enabled(if: SmallDisk.isBreakable, "needs to mount a disk, which takes root"))
    func readOnlyFileSystem() async throws {
        try await Rig.with { rig in
            try await SmallDisk.withBreakable { disk in
                let (worker, health) = try await startOn(disk, rig, ["WORKER_GRACE": "1s"])
                try await disk.breakDown()
                let numbers = try await rig.place((0..<10).map { "read-only-\($0)" })
                try await expectBlocked(worker, health, rig)
                worker.terminate()
                #expect(try await worker.waitForExit() == .exited(1))
                #expect(worker.errors.contains { $0.contains("still in hand") }, "\(worker.errors.suffix(3))")
                let early = try rig.startWorker(["LEDGER_PATH": disk.file("ledger.db")])
                #expect(try await early.waitForExit() == .exited(78))
                #expect(early.errors.contains { $0.contains("ledger.db cannot be") }, "\(early.errors)")
                try await disk.repair()
                let other = try rig.startWorker(["LEDGER_PATH": disk.file("ledger.db")])
                try await expectAll(["before"] + numbers, on: disk, other, rig)
            }
        }
    }

    /// A worker with its ledger on that disk, and one order done.
    private func startOn(
        _ disk: SmallDisk, _ rig: Rig, _ settings: [String: String] = [:]
    ) async throws -> (ChildProcess, WorkerHealth) {
        let worker = try rig.startWorker(settings.merging(["LEDGER_PATH": disk.file("ledger.db")]) { $1 })
        let health = try await WorkerHealth(of: worker)
        try await health.waitUntilReady()
        try await rig.place(["before"])
        try await eventually("the order") { try await rig.simulator.summary().orders == 1 }
        try await rig.waitUntilQuiet(ledger: disk.file("ledger.db"))
        return (worker, health)
    }

    /// Ten orders stay in their queue, and the worker says why.
    private func expectBlocked(_ worker: ChildProcess, _ health: WorkerHealth, _ rig: Rig) async throws {
        try await health.waitUntilNotReady(because: "ledger")
        try await worker.waitForLine(containing: "message=blocked")
        #expect(try await health.isLive())
        #expect(try await rig.host.depth(of: "orders.to-erp")?.messages == 10)
        #expect(try await rig.simulator.writes().count == 1)
    }

    /// All are in the ERP and shown, each once, none is a letter, and the worker is ready, which ends well.
    private func expectAll(_ numbers: [String], on disk: SmallDisk, _ worker: ChildProcess, _ rig: Rig) async throws {
        try await WorkerHealth(of: worker).waitUntilReady()
        try await eventually(within: .seconds(60), "all to be shown") {
            try await disk.ledger { snapshot in
                try snapshot.first("SELECT count(*) FROM store_order WHERE answered_revision = 1") { $0.integer(0) }
            } == Int64(numbers.count)
        }
        try await rig.waitUntilQuiet(ledger: disk.file("ledger.db"))
        try await rig.expectOnce(numbers)
        #expect(try await rig.deadLetters() == 0)
        try await rig.stop(worker)
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
