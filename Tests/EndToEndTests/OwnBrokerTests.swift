import Fleet
import FleetTesting
import Ledger
import Testing

/// Each with a broker of its own, one after the other.
@Suite("When the broker itself is in trouble", .serialized, .needsBroker)
struct OwnBrokerTests {
    @Test("a restart, clean or not, is survived by idle and by busy workers without a restart of theirs")
    func restart() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let worker = try rig.startWorker()
                let health = try await WorkerHealth(of: worker)
                try await health.waitUntilReady()
                try await broker.stop()
                try await health.waitUntilNotReady()
                #expect(try await health.isLive())
                try await broker.start()
                try await health.waitUntilReady(within: .seconds(20))
                try await rig.host.waitForDepth(of: "orders.to-erp") { $0.consumers == 1 }
                try await rig.place(["after-stop"])
                try await rig.waitForOrders(["after-stop"])

                try await rig.simulator.fault(#"{"kind":"latency","latency":"300ms","path":"/orders"}"#)
                let numbers = try await rig.place((0..<50).map { "under-load-\($0)" })
                try await eventually("some calls") { try await rig.simulator.writes().count > 5 }
                try await broker.kill()
                try await broker.start()
                try await rig.waitForOrders(numbers)
                try await rig.expectOnce(["after-stop"] + numbers)
                #expect(worker.isRunning)
                try await rig.stop(worker)
            }
        }
    }

    @Test(
        "an alarm stops no consumer: the ERP hears of the orders, the outbox holds the answers, readiness names the alarm"
    )
    func alarms() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let memory = try await sitOut(rig, "memory") { try await broker.setMemoryAlarm($0) }
                let disk = try await sitOut(rig, "disk") { try await broker.setDiskAlarm($0) }
                try await rig.expectOnce(memory + disk)
                #expect(try await rig.deadLetters(of: "orders.to-store") == 0)
            }
        }
    }

    private func sitOut(_ rig: Rig, _ kind: String, alarm: (Bool) async throws -> Void) async throws -> [String] {
        let numbers = try await rig.place((0..<30).map { "\(kind)-\($0)" })
        try await alarm(true)
        let worker = try rig.startWorker()
        let health = try await WorkerHealth(of: worker)
        try await eventually(within: .seconds(30), "the ERP to have all orders") {
            try await rig.ledger { snapshot in
                try numbers.allSatisfy { try snapshot.subjectState(family: "order", subject: $0)?.revision == 1 }
            }
        }
        try await health.waitUntilNotReady(because: "low on \(kind)")
        #expect(try await health.isLive())
        #expect(try await rig.ledger { try $0.outboxCount() } == 30)
        try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
        try await alarm(false)
        try await rig.waitForOrders(numbers)
        try await health.waitUntilReady()
        try await rig.stop(worker)
        return numbers
    }

    @Test("that takes a message back from a slow worker makes no second effect")
    func acknowledgementTimeout() async throws {
        try await TestBroker.withOwn { broker in
            // Read by each channel as it opens.
            try await broker.evaluate(
                """
                application:set_env(rabbit, consumer_timeout, 1500),
                application:set_env(rabbit, channel_tick_interval, 300), ok.
                """)
            try await Rig.with(broker: broker) { rig in
                try await rig.simulator.fault(#"{"kind":"latency","latency":"3s","path":"/orders","count":1}"#)
                let worker = try rig.startWorker()
                try await rig.place(["lengthy"])
                try await worker.waitForLine { $0.contains("broker lost") && $0.contains("timed out") }
                try await rig.waitForOrders(["lengthy"])
                try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
                #expect(try await rig.simulator.writes().count == 1)
                try await rig.stop(worker)
            }
        }
    }
}
