import Fleet
import FleetTesting
import Testing

@Suite("Asked to stop", .needsBroker)
struct ShutdownTests {
    @Test(
        "under load, three workers are replaced one by one, again and again: each exits with 0, nothing is lost or doubled"
    )
    func rollingRestart() async throws {
        try await Rig.with(simulator: ["--latency", "30ms"]) { rig in
            var workers = try (0..<3).map { _ in try rig.startWorker() }
            var numbers: [String] = []
            for cycle in 0..<5 {
                for index in workers.indices {
                    numbers += try await rig.place((0..<40).map { "\(cycle)-\(index)-\($0)" })
                    // Replaced by the next one before it goes, as an orchestrator does it.
                    let next = try rig.startWorker()
                    try await next.waitForLine(containing: "message=ready")
                    try await rig.stop(workers[index])
                    workers[index] = next
                }
            }
            try await rig.waitForOrders(numbers)
            try await eventually("the queues to be empty") {
                let toERP = try await rig.backlog(of: "orders.to-erp")
                let toStore = try await rig.backlog(of: "orders.to-store")
                return toERP + toStore == 0
            }
            try await rig.expectOnce(numbers)
            #expect(try await rig.simulator.writes().count == numbers.count)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("while the ERP hangs, a worker ends at its deadline, and another one brings the order")
    func hangingERP() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.simulator.fault(#"{"kind":"hang","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_GRACE": "1s"])
            try await rig.place(["hanging"])
            try await eventually("the call") { try await !rig.simulator.writes().isEmpty }
            let clock = ContinuousClock()
            let start = clock.now
            worker.terminate()
            #expect(try await worker.waitForExit(within: .seconds(10)) == .exited(1))
            #expect(clock.now - start < .seconds(6))
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
            worker.terminate()
            #expect(try await worker.waitForExit(within: .seconds(5)) == .exited(130))
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.ready == 1 }
        }
    }
}
