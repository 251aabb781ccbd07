import Fleet
import FleetTesting
import Testing

@Suite("Asked to stop", .needsBroker, .timeLimit(.minutes(10)))
struct ShutdownTests {
    @Test(
        "under load, three workers are replaced twenty times: each exits with 0, nothing is lost or doubled",
        .reportsSeed)
    func rollingRestart() async throws {
        try await Rig.with(simulator: ["--latency", "uniform:100ms,200ms"]) { rig in
            try await rig.shortenRetries()
            var random = SeededRandom(round: 32)
            var workers = try (0..<3).map { _ in try rig.startWorker(["WORKER_GRACE": "15s"]) }
            for worker in workers { try await worker.waitForLine(containing: "message=ready") }
            var numbers: [String] = []
            for cycle in 0..<20 {
                // Replaced by the next ones before they go, as an orchestrator does it.
                let next = try (0..<3).map { _ in try rig.startWorker(["WORKER_GRACE": "15s"]) }
                for worker in next { try await worker.waitForLine(containing: "message=ready") }
                for index in workers.indices {
                    // Asked to stop only when messages are in hand.
                    try await eventually("some load") {
                        let count = Int.random(in: 10...30, using: &random)
                        numbers += try await rig.place((0..<count).map { "\(cycle)-\(index)-\(numbers.count + $0)" })
                        return (try await rig.host.depth(of: "orders.to-erp")?.unacknowledged ?? 0) > 0
                    }
                    workers[index].terminate()
                    let count = Int.random(in: 5...15, using: &random)
                    numbers += try await rig.place((0..<count).map { "\(cycle)-\(index)-\(numbers.count + $0)" })
                    let status = try await workers[index].waitForExit(within: .seconds(15))
                    #expect(status == .exited(0), "cycle \(cycle): \(workers[index].errors.suffix(5))")
                    workers[index] = next[index]
                }
            }
            try await rig.waitForOrders(numbers)
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("while the ERP hangs, a worker ends at its deadline, and another one brings the order")
    func hangingERP() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.simulator.fault(#"{"kind":"hang","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_GRACE": "1s", "ERP_REST_TIMEOUT": "5m"])
            try await rig.place(["hanging"])
            try await eventually("the call") { try await !rig.simulator.writes().isEmpty }
            let start = ContinuousClock.now
            worker.terminate()
            #expect(try await worker.waitForExit() == .exited(1))
            // Nine at most by its own deadlines, for the ledger, its grace and the outbox; the call would take ten minutes.
            #expect(ContinuousClock.now - start < .seconds(12))
            #expect(worker.errors.contains { $0.contains("still in hand after 1") }, "\(worker.errors.suffix(3))")
            try await rig.simulator.clearFaults()
            let other = try rig.startWorker()
            try await rig.waitForOrders(["hanging"])
            try await rig.expectOnce(["hanging"])
            try await rig.stop(other)
        }
    }

    @Test("while orders wait for an ERP that said `slow down`, a worker hands them back and exits with 0 at once")
    func waitingForTheERP() async throws {
        try await Rig.with { rig in
            try await rig.simulator.fault(
                #"{"kind":"error","status":429,"retryAfter":60,"method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_GRACE": "10m"])
            let numbers = try await rig.place(["queued-1", "queued-2"])
            try await eventually("the refusals") { try await rig.simulator.writes().count >= 2 }
            try await rig.stop(worker)
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.ready == 2 && $0.unacknowledged == 0 }
            try await rig.simulator.clearFaults()
            let other = try rig.startWorker()
            try await rig.waitForOrders(numbers)
            try await rig.stop(other)
        }
    }

    @Test("twice, a worker ends at once, and the messages in hand are delivered again")
    func secondSignal() async throws {
        try await Rig.with { rig in
            try await rig.simulator.fault(#"{"kind":"hang","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_GRACE": "10m"])
            try await rig.place(["urgent"])
            try await eventually("the call") { try await !rig.simulator.writes().isEmpty }
            worker.terminate()
            try await worker.waitForLine(containing: "message=stopping")
            let start = ContinuousClock.now
            worker.terminate()
            // This code is for those who do not wait for anything; its grace period would have been ten minutes.
            #expect(try await worker.waitForExit() == .exited(130))
            #expect(ContinuousClock.now - start < .seconds(5))
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.ready == 1 }
        }
    }
}
