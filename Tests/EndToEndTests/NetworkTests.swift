import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("When the network between worker and broker fails", .needsBroker, .timeLimit(.minutes(10)))
struct NetworkTests {
    @Test("silently while messages are in hand, the loss is noticed by both and every order is in the ERP once")
    func blackholeWhileConsuming() async throws {
        try await Rig.with { rig in
            let (proxy, worker, health) = try await start(rig, heartbeat: "4s")
            try await rig.simulator.fault(#"{"kind":"latency","latency":"20s","path":"/orders"}"#)
            let numbers = try await rig.place((0..<10).map { "dark-\($0)" })
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 10 }
            proxy.mode = .blackhole()
            let darkness = Timestamp.now()
            try await health.waitUntilNotReady(because: "lost", within: .seconds(20))
            let noticed = try #require(worker.time(ofLineContaining: "broker lost"))
            let heartbeats = Double(noticed.microseconds - darkness.microseconds) / 4_000_000
            // The deliveries were the broker's last sign, and may have come up to one heartbeat before.
            #expect((0.9...2.4).contains(heartbeats), "\(heartbeats) heartbeats")
            // The broker's half of the dead connection is gone as well: all that it held is ready again.
            try await rig.host.waitForDepth(of: "orders.to-erp") {
                $0.consumers == 0 && $0.unacknowledged == 0 && $0.ready == 10
            }
            try await rig.simulator.clearFaults()
            proxy.mode = .pass
            try await rig.waitForOrders(numbers)
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            try await rig.stop(worker)
        }
    }

    @Test("between a publish and its confirm, the message goes out again under its id and has one effect")
    func blackholeBeforeConfirm() async throws {
        try await Rig.with { rig in
            // Neither side misses the other before the test ends the connections itself.
            let (proxy, worker, _) = try await start(rig, heartbeat: "60s", only: "to-erp")
            try await rig.simulator.fault(#"{"kind":"latency","latency":"4s","path":"/orders"}"#)
            try await rig.place(["unsure"])
            try await eventually("the ERP to have the order") { try await rig.simulator.summary().orders == 1 }
            proxy.mode = .blackhole(.toClient)
            try await rig.host.waitForDepth(of: "orders.to-store") { $0.ready == 1 }
            // What the network held, the confirm with it, goes with the connections.
            proxy.resetConnections()
            proxy.mode = .pass
            try await worker.waitForLine {
                $0.contains("outbox waits") && ($0.contains("unknown") || $0.contains("no confirm came"))
            }
            try await rig.host.waitForDepth(of: "orders.to-store", within: .seconds(60)) { $0.ready >= 2 }
            let ids = try await rig.peek("orders.to-store").map(\.properties.messageID)
            #expect(Set(ids).count == 1)
            let shower = try rig.startWorker(only: "to-store")
            try await rig.waitForOrders(["unsure"])
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(["unsure"])
            try await rig.expectShownOnce(["unsure"])
            try await rig.stop(worker)
            try await rig.stop(shower)
        }
    }

    @Test(
        "between the ERP's answer and the acknowledgement, the redelivered order is acknowledged without another call")
    func resetBeforeAck() async throws {
        try await Rig.with { rig in
            let (proxy, worker, _) = try await start(rig)
            try await rig.simulator.fault(#"{"kind":"latency","latency":"5s","path":"/orders"}"#)
            try await rig.place(["once"])
            try await eventually("the ERP to have the order") { try await rig.simulator.summary().orders == 1 }
            proxy.resetConnections()
            try await rig.waitForOrders(["once"])
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 && $0.consumers == 1 }
            #expect(try await rig.simulator.requests().count == 1)
            #expect(try await rig.journal("once").contains { $0.stage == "duplicate" })
            try await rig.expectShownOnce(["once"])
            try await rig.stop(worker)
        }
    }

    @Test("to be quick, with 2 s of latency, heartbeats are kept and orders go through on the same connections")
    func latency() async throws {
        try await Rig.with { rig in
            let (proxy, worker, health) = try await start(rig, heartbeat: "5s")
            let connections = proxy.acceptedConnections
            proxy.mode = .latency(.seconds(2))
            let numbers = try await rig.place((0..<5).map { "slow-\($0)" })
            try await rig.waitForOrders(numbers)
            // Idle, only heartbeats pass, two to an interval on each connection: three intervals and more.
            let (up, down) = (proxy.bytesToServer, proxy.bytesToClient)
            let heartbeats = 8 * 7 * proxy.connections
            try await eventually(within: .seconds(120), "heartbeats for three intervals") {
                proxy.bytesToServer >= up + heartbeats && proxy.bytesToClient >= down + heartbeats
            }
            #expect(proxy.acceptedConnections == connections)
            #expect(try await health.metric("stevedore_broker_reconnects_total") == 0)
            proxy.mode = .pass
            try await rig.expectOnce(numbers)
            try await rig.stop(worker)
        }
    }

    @Test("to carry more than one byte at a time, no frame is misread")
    func bytewise() async throws {
        try await Rig.with { rig in
            let (proxy, worker, health) = try await start(rig, heartbeat: "10s")
            let connections = proxy.acceptedConnections
            proxy.mode = .oneByteAtATime
            var large = OrderMessages.message(try OrderMessages.order("drop-large"))
            large.body = large.replacing(
                "\"purchaseOrderNumber\"",
                "\"note\":\"\(String(repeating: "0123456789", count: 6_000))\",\"purchaseOrderNumber\"")
            try await rig.publish([large])
            let numbers = try await rig.place((0..<20).map { "drop-\($0)" }) + ["drop-large"]
            try await rig.publish([OrderMessages.raw(Array("{".utf8))])
            try await rig.waitForOrders(numbers)
            try await eventually("the dead letter") { try await rig.deadLetters() == 1 }
            #expect(try await health.metric("stevedore_broker_reconnects_total") == 0)
            #expect(proxy.acceptedConnections == connections)
            let id = try #require(large.properties.messageID)
            #expect(try await rig.ledger { try $0.payload(id: id)?.body } == large.body)
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            proxy.mode = .pass
            try await rig.stop(worker)
        }
    }

    /// A worker behind a proxy, ready; with a heartbeat that makes losses quick to notice.
    private func start(
        _ rig: Rig, heartbeat: String = "1s", only: String? = nil
    ) async throws -> (FaultProxy, ChildProcess, WorkerHealth) {
        let proxy = try rig.proxy()
        let worker = try rig.startWorker(
            ["AMQP_URLS": proxy.url(insteadOf: rig.host.url), "AMQP_HEARTBEAT": heartbeat], only: only)
        let health = try await WorkerHealth(of: worker)
        try await health.waitUntilReady()
        return (proxy, worker, health)
    }
}
