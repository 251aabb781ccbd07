import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Testing

@Suite("A flow that cannot go on", .needsBroker)
struct PauseTests {
    @Test("because a gateway refuses everything for an hour, holds no message, loses none, and says why")
    func refusedForAnHour() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries(to: 1_000)
            try await rig.simulator.fault(#"{"kind":"error","status":503,"retryAfter":3600}"#)
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            let numbers = try await rig.place((0..<60).map { "refused-\($0)" })
            try await eventually("all orders to wait in the queue, held by nobody") {
                let depth = try await rig.host.depth(of: "orders.to-erp")
                return depth?.ready == 60 && depth?.unacknowledged == 0
            }
            let calls = try await rig.simulator.requests().count
            #expect((2...30).contains(calls), "only what was on its way is called")
            let (isReady, page) = try await health.readiness()
            #expect(isReady && page.description.contains("paused since"), "\(page)")
            #expect(try await health.metric("stevedore_flow_paused", "to-erp") == 1)
            #expect(try await health.metric("stevedore_consumer_active", "to-erp") == 0)
            let ledger = try Ledger.openReadOnly(path: rig.ledgerPath)
            let pauses = try await FlowPause.all(ledger)
            await ledger.close()
            #expect(pauses.map(\.queue) == ["orders.to-erp"] && pauses.first?.code == "erp.slow-down")
            try await rig.stop(worker)

            try await rig.simulator.clearFaults()
            let other = try rig.startWorker()
            try await rig.waitForOrders(numbers)
            try await rig.expectOnce(numbers)
            #expect(try await rig.deadLetters() == 0)
            try await rig.stop(other)
        }
    }

    @Test("because the ERP does not listen, says since when and why, and goes on by itself")
    func unreachable() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let numbers = try await rig.place((0..<10).map { "waiting-\($0)" })
            let line = try await worker.waitForLine(containing: "flow paused")
            #expect(line.contains("code=erp.unavailable"), "\(line)")
            let (isReady, page) = try await health.readiness()
            #expect(isReady && page.description.contains("paused since"), "\(page)")
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(numbers)
            try await eventually("the pause to be over") {
                try await health.metric("stevedore_flow_paused", "to-erp") == 0
            }
            try await rig.expectOnce(numbers)
            #expect(try await rig.deadLetters() == 0)
            try await rig.stop(worker)
        }
    }

    @Test(
        "because the ERP fails every order, though it answers pings, loses none and spends no more than the first tries"
    )
    func failing() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.simulator.fault(#"{"kind":"error","status":500,"method":"POST","path":"/orders"}"#)
            let workers = [try rig.startWorker(), try rig.startWorker()]
            let numbers = try await rig.place((0..<40).map { "failing-\($0)" })
            try await eventually("the outage to have come back once") {
                try await rig.outages().contains { $0.code == "erp.failing" && $0.relapses >= 1 }
            }
            let calls = try await rig.simulator.requests().count
            #expect(calls < 60, "the orders are not tried one after the other: \(calls)")
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(numbers)
            try await rig.expectOnce(numbers)
            #expect(try await rig.deadLetters() == 0)
            let spent = try await rig.ledger { snapshot in
                try snapshot.first("SELECT count(*) FROM journal WHERE stage = 'retried'") { $0.integer(0) }
            }
            // Each worker learns by its own first failures; all others cost nobody anything.
            #expect((spent ?? 0) <= 8, "\(spent ?? 0) attempts")
            try await eventually("the outage to be over") { try await rig.outages().allSatisfy { $0.endedAt != nil } }
            #expect(try await rig.outages().count == 1)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("because a message crashes workers as soon as it is read, gets past it: it alone is a dead letter")
    func poisonInReading() async throws {
        try await Rig.with { rig in
            let innocents = (0..<10).map { "innocent-\($0)" }
            let poison = OrderMessages.message(try OrderMessages.order("poison"), id: "poison-id")
            let others = try innocents.map { OrderMessages.message(try OrderMessages.order($0)) }
            try await rig.publish([others[0], poison] + others.dropFirst())
            var crashes = 0
            var worker = try rig.startWorker(["CRASH_AT": "before-decode=poison-id"])
            while try await hasCrashed(worker, rig), crashes < 15 {
                crashes += 1
                worker = try rig.startWorker(["CRASH_AT": "before-decode=poison-id"])
            }
            #expect(crashes >= 3)
            try await rig.waitForOrders(innocents)
            try await rig.stop(worker)
            #expect(try await rig.deadLetters() == 1)
            #expect(try await rig.letters().first?.properties.headers[MessageHeader.code]?.text == "poison.crash")
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
