import Fleet
import FleetTesting
import Ledger
import Testing

@Suite("A message that crashes workers", .needsBroker, .timeLimit(.minutes(10)))
struct PoisonTests {
    @Test("reaches the dead-letter queue with the reason; its neighbours are all handled")
    func poisonIsFound() async throws {
        try await Rig.with { rig in
            let innocents = (0..<40).map { "innocent-\($0)" }
            let orders = [innocents[0], "poison"] + innocents.dropFirst()
            try await rig.publish(orders.map { OrderMessages.message(try OrderMessages.order($0)) })
            // What only looks on has copies of its own, which are found in the same way and would add to the count.
            let teller = try rig.startWorker(only: "to-store")
            var crashes = 0
            let settings = ["CRASH_AT": "after-receive=poison", "WORKER_CALL_PREFETCH": "10"]
            var worker = try rig.startWorker(settings, only: "to-erp")
            while try await hasCrashed(worker, rig), crashes < 15 {
                crashes += 1
                worker = try rig.startWorker(settings, only: "to-erp")
            }
            // Three make it a suspect, three more are its own.
            #expect(crashes == 6)
            try #require(worker.isRunning, "after \(crashes) crashes: \(String(describing: worker.status))")
            try await rig.waitForOrders(innocents)
            worker.terminate()
            #expect(try await worker.waitForExit() == .exited(0))
            try await rig.expectOnce(innocents)
            try await rig.expectShownOnce(innocents)
            #expect(try await rig.deadLetters() == 1)
            let reasons = try await rig.deadLetterReasons()
            #expect(reasons.count == 1)
            #expect(reasons.first?.contains("poison.crash") == true)
            // Known without a header that says so, and without the body's being read.
            let subject = try await rig.ledger { snapshot in
                try snapshot.first("SELECT subject || ' ' || revision FROM dead_letter") { $0.text(0) }
            }
            #expect(subject == "poison 1")
            try await rig.stop(teller)
        }
    }

    /// Whether the worker crashed before the queue was empty.
    private func hasCrashed(_ worker: ChildProcess, _ rig: Rig) async throws -> Bool {
        try await eventually(within: .seconds(30), "the worker to crash or to finish") {
            if worker.status != nil { return true }
            let backlog = try await rig.backlog(of: "orders.to-erp")
            let dead = try await rig.deadLetters()
            return backlog == 0 && dead == 1
        }
        return worker.status == .signalled(9)
    }
}
