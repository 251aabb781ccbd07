import FleetTesting
import Testing

@Suite("When the ledger takes nothing of what the ERP says", .serialized, .needsBroker, .timeLimit(.minutes(10)))
struct StoreFlowFaultTests {
    @Test("because another program holds it, no message is acknowledged and no cursor moves; then all is shown once")
    func lockedLedger() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let scene = try await StoreScene(rig, ledger: rig.ledgerPath)
            let before = try await scene.cursors()
            try await rig.holdingLedger {
                try await scene.publish("LOCKED", 0..<20)
                for queue in StoreFlow.queues { try await rig.host.waitForDepth(of: queue) { $0.unacknowledged >= 20 } }
                try await scene.changeERP(71)
                try await scene.waitUntilNotReady(because: "kept busy by other writers")
                for worker in scene.workers { try await worker.waitForLine(containing: "message=blocked") }
                try await scene.feed.waitForLine(within: .seconds(60)) {
                    $0.contains("stream waits") && $0.contains("kept busy by other writers")
                }
                for queue in StoreFlow.queues {
                    let depth = try #require(try await rig.host.depth(of: queue))
                    #expect(depth.messages >= 20, "\(queue): \(depth)")
                }
                #expect(try await scene.cursors() == before)
            }
            try await scene.expectAll("LOCKED", 20, changed: 71)
            // A page is told before it is written down that it was.
            try await eventually("the cursors to move") { try await scene.cursors() != before }
            try await scene.stop()
        }
    }

    @Test(
        "because its disk is full, what is acknowledged is in it and no cursor moves; with room all is shown once",
        .enabled(if: SmallDisk.isPossible, "needs to mount a small disk, which takes root"))
    func fullDisk() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            try await SmallDisk.with(megabytes: 16) { disk in
                let scene = try await StoreScene(rig, ledger: disk.file("ledger.db"))
                try await disk.fill()
                let count = try await scene.publishUntilBlocked("FULL")
                try await scene.waitUntilNotReady(because: "ledger")
                try await scene.expectNothingLost("FULL", of: count)
                let last = try await scene.changeERPUntilFeedWaits(from: 100)
                let before = try await scene.cursors()
                try await scene.changeERP(last + 1)
                try await scene.waitUntilNotReady(because: "ledger")
                #expect(try await scene.cursors() == before)
                try await disk.makeRoom()
                try await scene.expectAll("FULL", count, changed: last + 1)
                try await scene.stop()
            }
        }
    }
}
