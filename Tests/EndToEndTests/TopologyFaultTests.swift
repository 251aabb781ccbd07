import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("When something on the broker is full, gone or forbidden", .needsBroker, .timeLimit(.minutes(10)))
struct TopologyFaultTests {
    @Test("a full queue refuses follow-ups: they wait in the outbox and go when there is room")
    func fullQueue() async throws {
        try await Rig.with { rig in
            try await rig.host.setPolicy("full", pattern: "^orders.to-store$", definition: #"{"max-length":2}"#)
            let worker = try rig.startWorker(only: "to-erp")
            // A quorum queue takes some more before it has told its publishers that it is full.
            var numbers: [String] = []
            try await eventually(within: .seconds(30), "a follow-up to be refused") {
                numbers += try await rig.place((0..<4).map { "full-\(numbers.count + $0)" })
                try await waitUntilApplied(rig, numbers)
                return worker.errors.contains { $0.contains("outbox waits") && $0.contains("is the queue full?") }
            }
            #expect(try await outbox(rig) > 0)
            // The orders themselves are done with, whatever becomes of their answers.
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
            let shower = try rig.startWorker(only: "to-store")
            try await rig.waitForOrders(numbers)
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            try await rig.stop(worker)
            try await rig.stop(shower)
        }
    }

    @Test("a full retry queue refuses the copy: the message stays in its flow queue until there is room")
    func fullRetryQueue() async throws {
        try await Rig.with { rig in
            // After the fourth attempt messages wait for half an hour: this queue stays as full as it is.
            let tier = FleetTopology.retryQueue("orders.to-erp", .thirtyMinutes)
            try await rig.host.setPolicy("full", pattern: "\\.30m$", definition: #"{"max-length":1}"#)
            try await eventually("the retry queue to be full") {
                var filler = OrderMessages.message(try OrderMessages.order("filler"))
                filler.exchange = FleetTopology.retryExchange
                filler.routingKey = tier
                return await rig.publisher.publish([filler]) == [.nacked]
            }
            // What comes from now on need not wait so long.
            try await rig.host.setPolicy(
                "full", pattern: "\\.30m$", definition: #"{"max-length":1,"message-ttl":200}"#)
            let worker = try rig.startWorker()
            try await WorkerHealth(of: worker).waitUntilReady()
            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders","count":1}"#)
            var message = OrderMessages.message(try OrderMessages.order("patient"))
            message.properties.headers[MessageHeader.attempt] = 3
            try await rig.publish([message])
            try await worker.waitForLine { $0.contains("publish again") && $0.contains("is the queue full?") }
            #expect(try await rig.host.depth(of: "orders.to-erp")?.unacknowledged == 1)
            #expect(try await rig.journal("patient").contains { $0.stage == "retried" } == false)
            try await rig.withAdmin { _ = try await $0.purge(queue: tier) }
            try await rig.waitForOrders(["patient"])
            let applied = try await rig.journal("patient").first { $0.stage == "applied" }
            #expect(applied?.type == "order.placed.v1" && applied?.attempt == 5)
            try await rig.expectShownOnce(["patient"])
            try await rig.stop(worker)
        }
    }

    /// Orders whose answer is shown; what is taken is shown before.
    private static let answered: StaticString = "SELECT count(*) FROM store_order WHERE answered_revision IS NOT NULL"

    @Test("a missing exchange is named and nothing counts as sent; with the exchange back it goes out")
    func missingExchange() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            worker.suspend()
            let numbers = try await rig.place(["stranded-1", "stranded-2"])
            try await rig.host.deleteExchange(FleetTopology.exchange)
            worker.resume()
            try await waitUntilApplied(rig, numbers)
            try await worker.waitForLine { $0.contains("outbox waits") && $0.contains("commerce") }
            #expect(try await outbox(rig) == 2)
            try await rig.applyTopology()
            // The exchange is there a moment before its bindings: what is published just then waits in `unrouted`.
            try await eventually("every answer to be somewhere") {
                let unrouted = try await rig.host.depth(of: FleetTopology.unroutedQueue)?.ready ?? 0
                let shown = try await rig.ledger { try $0.first(Self.answered) { $0.integer(0) } }
                return Int(shown ?? 0) + unrouted == 2
            }
            // Its row goes once it is confirmed, which it may be shown before.
            try await eventually("the outbox to be empty") { try await outbox(rig) == 0 }
            try await rig.expectOnce(numbers)
            try await rig.stop(worker)
        }
    }

    @Test(
        "a missing binding makes a dead letter or a retry come back: it stays unacknowledged until the binding is back")
    func missingDetourBindings() async throws {
        try await Rig.with { rig in
            let dead = FleetTopology.deadQueue("orders.to-erp")
            let tier = FleetTopology.retryQueue("orders.to-erp", .fiveSeconds)
            try await rig.shortenRetries()
            try await rig.withAdmin { admin in
                try await admin.unbind(.init(exchange: FleetTopology.deadExchange, queue: dead, routingKey: dead))
                try await admin.unbind(.init(exchange: FleetTopology.retryExchange, queue: tier, routingKey: tier))
            }
            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders","count":1}"#)
            let worker = try rig.startWorker()
            try await rig.place(["unlucky"])
            try await rig.publish([OrderMessages.raw(Array("{".utf8))])
            for queue in [dead, tier] {
                try await worker.waitForLine {
                    $0.contains("publish again") && $0.contains(queue) && $0.contains("topology apply")
                }
            }
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 2 }
            #expect(try await rig.deadLetterReasons() == [])
            // Whatever else arrives meanwhile is not held up.
            let others = try await rig.place((0..<10).map { "other-\($0)" })
            try await rig.waitForOrders(others)
            try await rig.applyTopology()
            try await rig.waitForOrders(["unlucky"])
            try await eventually("the dead letter") { try await rig.deadLetters() == 1 }
            try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
            try await rig.stop(worker)
        }
    }

    @Test("a follow-up that no queue wants is kept in `unrouted`; without even that it counts as unsent")
    func missingFlowBinding() async throws {
        try await Rig.with { rig in
            let status = "order.status.v1"
            try await rig.withAdmin { admin in
                try await admin.unbind(
                    .init(exchange: FleetTopology.exchange, queue: "orders.to-store", routingKey: status))
            }
            let worker = try rig.startWorker()
            try await rig.place(["astray"])
            try await rig.host.waitForDepth(of: FleetTopology.unroutedQueue) { $0.ready == 1 }
            try await rig.host.deleteQueue(FleetTopology.unroutedQueue)
            try await rig.place(["returned"])
            try await worker.waitForLine { $0.contains("outbox waits") && $0.contains("returned") }
            #expect(try await outbox(rig) == 1)
            try await rig.applyTopology()
            try await rig.waitForOrders(["returned"])
            try await rig.stop(worker)
        }
    }

    @Test("an order whose queue is not bound is noted all the same, lowers what may be promised, and is not lost")
    func missingOrderBinding() async throws {
        try await Rig.with { rig in
            try await rig.withAdmin { admin in
                try await admin.unbind(
                    .init(exchange: FleetTopology.exchange, queue: "orders.to-erp", routingKey: "order.placed.v1"))
            }
            let worker = try rig.startWorker()
            try await rig.place(["astray"])
            try await eventually("the order to be noted") {
                try await rig.ledger { snapshot in
                    try snapshot.first("SELECT flow FROM observed WHERE subject = 'astray'") { $0.text(0) }
                } == "orders.to-erp"
            }
            let demand = try await rig.ledger { snapshot in
                try snapshot.first("SELECT count(*) FROM store_demand WHERE number = 'astray'") { $0.integer(0) }
            }
            #expect(demand ?? 0 > 0)
            // As if a quarter of an hour had gone by; once a minute it is looked.
            let ledger = try Ledger.open(path: rig.ledgerPath)
            _ = try await ledger.write { try $0.execute("UPDATE observed SET at = 0") }
            await ledger.close()
            try await rig.waitForOrders(["astray"], within: .seconds(120))
            try await rig.stop(worker)
        }
    }

    @Test("a queue deleted under its consumer makes the worker unready within seconds; declared again, work goes on")
    func deletedQueue() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            try await rig.host.deleteQueue("orders.to-erp")
            let deleted = Timestamp.now().microseconds
            try await health.waitUntilNotReady(because: "orders.to-erp")
            // By the worker's own clock, so that it does not matter how soon the page was asked.
            let noticed = try #require(worker.time(ofLineContaining: "is the queue gone?"))
            #expect(noticed.microseconds - deleted < 5_000_000)
            #expect(try await health.isLive())
            try await rig.applyTopology()
            try await health.waitUntilReady()
            try await rig.place(["again"])
            try await rig.waitForOrders(["again"])
            try await rig.stop(worker)
        }
    }

    @Test("a permission taken away while running is named; nothing is lost, and given back work goes on by itself")
    func revokedPermission() async throws {
        try await Rig.with { rig in
            let user = try await rig.host.addUser(configure: "^$")
            let worker = try rig.startWorker(["AMQP_URLS": user])
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            try await rig.host.setPermissions(user: user, configure: "^$", write: "^$", read: "^$")
            try await rig.host.closeConnections(reason: "permissions changed")
            try await health.waitUntilNotReady(because: "refused access")
            let numbers = try await rig.place((0..<5).map { "barred-\($0)" })
            #expect(try await health.isLive())
            // Reading alone: the ERP hears of the orders, and the answers wait in the outbox.
            try await rig.host.setPermissions(user: user, configure: "^$", write: "^$", read: ".*")
            try await waitUntilApplied(rig, numbers)
            try await worker.waitForLine { $0.contains("outbox waits") && $0.contains("refused access") }
            #expect(try await outbox(rig) == 5)
            try await rig.host.setPermissions(user: user, configure: "^$", write: ".*", read: ".*")
            try await rig.waitForOrders(numbers)
            try await health.waitUntilReady()
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            try await rig.stop(worker)
        }
    }

    @Test("a password changed while running is named, asked for in pauses, and with the old one back work goes on")
    func changedPassword() async throws {
        try await Rig.with { rig in
            let proxy = try rig.proxy()
            let user = try await rig.host.addUser(configure: "^$")
            let worker = try rig.startWorker(["AMQP_URLS": proxy.url(insteadOf: user)])
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilReady()
            _ = try await rig.host.changePassword(of: user)
            let before = proxy.acceptedConnections
            let start = ContinuousClock.now
            try await rig.host.closeConnections(reason: "password changed")
            try await health.waitUntilNotReady(because: "refused the user name")
            let numbers = try await rig.place((0..<5).map { "locked-out-\($0)" })
            try await eventually("some attempts") { proxy.acceptedConnections >= before + 6 }
            // Three connections at most, each with pauses that grow from a tenth of a second on.
            let seconds = Int((ContinuousClock.now - start) / .seconds(1)) + 1
            #expect(proxy.acceptedConnections - before <= 3 * (4 + 4 * seconds))
            #expect(try await health.isLive())
            try await rig.host.setPassword(like: user)
            try await rig.waitForOrders(numbers, within: .seconds(90))
            try await health.waitUntilReady()
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            try await rig.stop(worker)
        }
    }

    private func outbox(_ rig: Rig) async throws -> Int { try await rig.ledger { try $0.outboxCount() } }

    /// Until the ledger has the ERP's answers, whether the store has heard of them or not.
    private func waitUntilApplied(_ rig: Rig, _ numbers: [String]) async throws {
        try await eventually(within: .seconds(60), "all orders to be applied") {
            try await rig.ledger { snapshot in
                try numbers.allSatisfy { try snapshot.subjectState(family: "order", subject: $0)?.revision == 1 }
            }
        }
    }
}
