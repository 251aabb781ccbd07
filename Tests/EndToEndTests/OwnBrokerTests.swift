import Fleet
import FleetTesting
import FoundationEssentials
import Ledger
import RabbitMQ
import Testing

/// Each with a broker of its own, one after the other.
@Suite("When the broker itself is in trouble", .serialized, .needsBroker, .timeLimit(.minutes(15)))
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
                try await health.waitUntilReady(within: .seconds(60))
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
                try await rig.expectShownOnce(["after-stop"] + numbers)
                #expect(worker.isRunning)
                try await rig.stop(worker)
            }
        }
    }

    @Test(
        "one of three nodes that dies takes no order with it: worker and publisher go on at the next URL of their list")
    func nodeOfCluster() async throws {
        try await TestBroker.withOwn(nodes: 3) { broker in
            try await Rig.with(broker: broker) { rig in
                let urls = broker.urls.map { "\($0)/\(rig.host.name)" }
                #expect(urls.count == 3 && urls.first == rig.host.url)
                let worker = try rig.startWorker(["AMQP_URLS": urls.joined(separator: ","), "AMQP_HEARTBEAT": "2s"])
                try await rig.simulator.fault(#"{"kind":"latency","latency":"300ms","path":"/orders"}"#)
                let first = try await rig.place((0..<40).map { "before-\($0)" })
                try await eventually("some calls") { try await rig.simulator.writes().count > 5 }
                try await broker.kill(node: 1)
                let publisher = try Publisher(
                    configuration: try BrokerConfiguration(urls: urls, connectionName: "store"))
                try await publisher.start()
                let second = (0..<40).map { "after-\($0)" }
                // Until the queues have chosen another leader, what is published to them is refused.
                let messages = try second.map { OrderMessages.message(try OrderMessages.order($0)) }
                try await rig.publishUntilConfirmed(messages, over: publisher)
                await publisher.close()
                try await rig.waitForOrders(first + second)
                #expect(worker.isRunning)
                try await broker.start()
                try await rig.waitUntilQuiet()
                try await rig.expectOnce(first + second)
                try await rig.expectShownOnce(first + second)
                #expect(try await rig.deadLetters() == 0)
                try await rig.stop(worker)
            }
        }
    }

    @Test(
        "killed while orders are published, it has all that it confirmed; what is published again has one effect",
        .reportsSeed)
    func killedWhilePublishing() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                var numbers: [String] = []
                var unknown = 0
                var extraCopies = 0
                for round in 0..<5 {
                    var random = SeededRandom(round: 300 + round)
                    let fresh = (0..<200).map { "cut-\(round)-\($0)" }
                    numbers += fresh
                    let messages = try fresh.map { OrderMessages.message(try OrderMessages.order($0), id: $0) }
                    let limit = Int.random(in: 10..<150, using: &random)
                    let kill = try await broker.killer()
                    let outcomes = await PublishingLanes(rig.publisher, messages, at: limit, kill).run()
                    try await broker.kill()
                    try await broker.start()
                    unknown += outcomes.values.filter(\.isUnknown).count
                    let present = try await rig.peek("orders.to-erp").compactMap(\.properties.messageID)
                    let confirmed = outcomes.filter { $0.value == .confirmed }.map(\.key)
                    #expect(Set(confirmed).isSubset(of: Set(present)), "round \(round)")
                    #expect(confirmed.count < fresh.count, "round \(round): the kill came too late")
                    try await rig.publishUntilConfirmed(
                        messages.filter { outcomes[$0.properties.messageID ?? ""] != .confirmed })
                    let depth = try await rig.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 0 }
                    extraCopies += depth.ready - fresh.count
                    let worker = try rig.startWorker()
                    try await rig.waitForOrders(fresh)
                    try await rig.waitUntilQuiet()
                    try await rig.stop(worker)
                }
                #expect(unknown > 0)
                #expect(extraCopies >= 0)
                try await rig.expectOnce(numbers)
                try await rig.expectShownOnce(numbers)
                let duplicates = try await rig.ledger { snapshot in
                    try snapshot.first(
                        "SELECT count(*) FROM journal WHERE stage = 'duplicate' AND type = 'order.placed.v1'"
                    ) { $0.integer(0) }
                }
                #expect(duplicates == Int64(extraCopies))
            }
        }
    }

    @Test("an alarm that comes while orders are published keeps nobody waiting past his time; they go when it is over")
    func alarmsWhilePublishing() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                var numbers: [String] = []
                for (kind, alarm) in [("memory", broker.setMemoryAlarm), ("disk", broker.setDiskAlarm)] {
                    let worker = try rig.startWorker()
                    try await WorkerHealth(of: worker).waitUntilReady()
                    async let raised: Void = alarm(true)
                    let (fresh, waiting) = try await publishUntilRefused(rig, kind)
                    numbers += fresh
                    try await raised
                    // What the worker cannot publish now it leaves in the outbox.
                    try await rig.stop(worker)
                    try await alarm(false)
                    try await rig.publishUntilConfirmed(waiting)
                    let next = try rig.startWorker()
                    try await rig.waitForOrders(fresh, within: .seconds(120))
                    try await rig.waitUntilQuiet()
                    try await rig.stop(next)
                }
                try await rig.expectOnce(numbers)
                try await rig.expectShownOnce(numbers)
            }
        }
    }

    /// Publishes a few orders at a time until not all of them are confirmed; those come second.
    private func publishUntilRefused(_ rig: Rig, _ kind: String) async throws -> ([String], [OutgoingMessage]) {
        let limit = Duration.seconds(3)
        var published: [String] = []
        while true {
            let fresh = (0..<5).map { "\(kind)-alarm-\(published.count + $0)" }
            published += fresh
            let messages = try fresh.map { OrderMessages.message(try OrderMessages.order($0), id: $0) }
            let start = ContinuousClock.now
            let outcomes = await rig.publisher.publish(messages, timeout: limit)
            #expect(ContinuousClock.now - start < limit + .seconds(10))
            let waiting = zip(messages, outcomes).filter { $0.1 != .confirmed }.map(\.0)
            if !waiting.isEmpty { return (published, waiting) }
        }
    }

    @Test(
        "an alarm stops no consumer: the ERP gets the orders, the outbox holds the answers, readiness names it"
    )
    func alarms() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let memory = try await sitOut(rig, "memory") { try await broker.setMemoryAlarm($0) }
                let disk = try await sitOut(rig, "disk") { try await broker.setDiskAlarm($0) }
                try await rig.expectOnce(memory + disk)
                try await rig.expectShownOnce(memory + disk)
                #expect(try await rig.deadLetters(of: "orders.to-store") == 0)
            }
        }
    }

    private func sitOut(_ rig: Rig, _ kind: String, alarm: (Bool) async throws -> Void) async throws -> [String] {
        let numbers = try await rig.place((0..<30).map { "\(kind)-\($0)" })
        try await alarm(true)
        let worker = try rig.startWorker()
        let health = try await WorkerHealth(of: worker)
        try await eventually(within: .seconds(60), "the ERP to have all orders") {
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

    @Test(
        "that takes no message of this size says so at once, to a producer and to a worker, who sets its answer aside")
    func sizeLimit() async throws {
        try await TestBroker.withOwn { broker in
            // Read by each channel as it opens.
            try await broker.evaluate("application:set_env(rabbit, max_message_size, 20000), ok.")
            try await Rig.with(broker: broker) { rig in
                var large = OrderMessages.message(try OrderMessages.order("bulky"))
                large.body += [UInt8](repeating: UInt8(ascii: " "), count: 30_000)
                let numbers = ["small-1", "small-2"]
                let small = try numbers.map { OrderMessages.message(try OrderMessages.order($0), id: $0) }
                // What was under way beside it is unknown and goes out again; the refused one is told apart and does not.
                var waiting = [small[0], large, small[1]]
                var refused: [String?] = []
                for _ in 0..<5 where !waiting.isEmpty {
                    let outcomes = await rig.publisher.publish(waiting, timeout: .seconds(30))
                    let pairs = Array(zip(waiting, outcomes))
                    refused += pairs.filter(\.1.isRefusal).map(\.0.properties.messageID)
                    waiting = pairs.filter { $0.1 != .confirmed && !$0.1.isRefusal }.map(\.0)
                }
                #expect(waiting.isEmpty && refused == [large.properties.messageID])

                let file = rig.directory.file("bulky.ndjson")
                let lines = [small[0].body, large.body, small[1].body].joined(separator: [UInt8(ascii: "\n")])
                try Data(lines).write(to: URL(filePath: file))
                let publish = try ChildProcess(
                    "stevedore", arguments: ["publish", file], environment: ["STEVEDORE_AMQP_URLS": rig.host.url])
                #expect(try await publish.waitForExit() == .exited(1))
                let said = publish.errors.joined(separator: "\n")
                #expect(said.contains("bulky.ndjson:2: publish.refused-by-broker"), "\(said)")
                #expect(publish.output.joined().contains("2 confirmed, 1 refused"))

                try await broker.evaluate("application:set_env(rabbit, max_message_size, 200), ok.")
                let worker = try rig.startWorker()
                try await eventually(within: .seconds(60), "both answers to be set aside") {
                    let reasons = try await rig.deadLetterReasons()
                    let waiting = try await rig.ledger { try $0.outboxCount() }
                    return reasons.filter { $0.contains("outbox.unpublishable") }.count == 2 && waiting == 0
                }
                try await rig.host.waitForDepth(of: "orders.to-erp") { $0.messages == 0 }
                try await rig.expectOnce(numbers)
                #expect(worker.isRunning)
                try await rig.stop(worker)
            }
        }
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
                try await rig.expectOnce(["lengthy"])
                try await rig.expectShownOnce(["lengthy"])
                try await rig.stop(worker)
            }
        }
    }
}
