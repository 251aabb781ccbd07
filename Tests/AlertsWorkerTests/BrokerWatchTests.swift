import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Looking at the broker", .timeLimit(.minutes(2)))
struct BrokerWatchTests {
    private static let binding = BrokerFinding(
        name: "commerce.requeue → orders.to-erp", kind: .binding,
        sentence: "The binding of orders.to-erp to commerce.requeue is missing.",
        remedy: "Run `stevedore topology apply`.")

    private func watch(_ desk: WatchDesk, _ found: @escaping @Sendable () -> [BrokerFinding]) -> BrokerWatch {
        BrokerWatch(ledger: desk.ledger, look: { BrokerSight(findings: found()) }, logger: desk.watchman.logger)
    }

    @Test("what messages cannot pass is an alert until it is mended, and keeps its beginning")
    func lost() async throws {
        try await WatchDesk.with { desk in
            let watch = watch(desk) { [Self.binding] }
            await watch.lookOnce("w", now: WatchDesk.at(0))
            let alert = try #require(try await desk.look(at: 1).first)
            #expect(alert.key == "broker/topology" && alert.severity == .critical)
            #expect(alert.sentence.contains("orders.to-erp to commerce.requeue is missing"))
            await watch.lookOnce("w", now: WatchDesk.at(60))
            let again = try await desk.look(at: 61)
            #expect(again.isEmpty)
            await self.watch(desk) { [] }.lookOnce("w", now: WatchDesk.at(120))
            let ended = try await desk.look(at: 121)
            #expect(ended.map(\.state) == [.resolved])
        }
    }

    @Test("one process looks for all")
    func one() async throws {
        try await WatchDesk.with { desk in
            await watch(desk) { [Self.binding] }.lookOnce("w-1", now: WatchDesk.at(0))
            await watch(desk) { [] }.lookOnce("w-2", now: WatchDesk.at(1))
            let said = try await desk.look(at: 2)
            #expect(said.map(\.state) == [.open])
        }
    }

    @Test("bindings that cannot be seen stay as they were, and all else is looked at")
    func blind() async throws {
        try await WatchDesk.with { desk in
            let queue = BrokerFinding(
                name: "orders.to-erp", kind: .topology, sentence: "The queue orders.to-erp is missing.",
                remedy: "Run `stevedore topology apply`.")
            await watch(desk) { [queue, Self.binding] }.lookOnce("w", now: WatchDesk.at(0))
            let first = try await desk.look(at: 1)
            #expect(first.map(\.count) == [2])
            let blind = BrokerWatch(
                ledger: desk.ledger, look: { BrokerSight(blindness: "The plugin does not answer.") },
                logger: desk.watchman.logger)
            await blind.lookOnce("w", now: WatchDesk.at(60))
            let second = try await desk.look(at: 61)
            #expect(second.map(\.count) == [1] && second.map(\.subjects) == [[Self.binding.name]])
            let detail = await blind.check().detail
            #expect(detail == "looking, but not at bindings: The plugin does not answer.")
        }
    }

    @Test("unrouted messages that somebody has in hand for one look are not gone")
    func inHand() async throws {
        try await WatchDesk.with { desk in
            let unrouted = BrokerFinding(
                name: "unrouted", kind: .unrouted, sentence: "3 messages found no queue and are kept.",
                remedy: "Send them on their way.", count: 3)
            await watch(desk) { [unrouted] }.lookOnce("w", now: WatchDesk.at(0))
            let raised = try await desk.look(at: 1)
            #expect(raised.map(\.count) == [3])
            await watch(desk) { [] }.lookOnce("w", now: WatchDesk.at(60))
            let held = try await desk.look(at: 61)
            #expect(held.isEmpty)
            await watch(desk) { [unrouted] }.lookOnce("w", now: WatchDesk.at(120))
            await watch(desk) { [] }.lookOnce("w", now: WatchDesk.at(180))
            let heldAgain = try await desk.look(at: 181)
            #expect(heldAgain.isEmpty)
            await watch(desk) { [] }.lookOnce("w", now: WatchDesk.at(240))
            let ended = try await desk.look(at: 241)
            #expect(ended.map(\.state) == [.resolved])
        }
    }

    @Test("a real broker's missing queue and unrouted messages are found", .needsBroker)
    func real() async throws {
        try await TestBroker.withVirtualHost { host in
            let configuration = try Configuration(file: nil, environment: ["STEVEDORE_AMQP_URLS": host.url])
            let look = try BrokerLook(configuration)
            let broker = try BrokerConfiguration(configuration, connectionName: "test")
            let admin = try BrokerAdmin(configuration: broker)
            try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
            let before = try await look.look()
            #expect(before.findings.isEmpty && before.blindness == nil)
            try await admin.delete(queue: "orders.to-erp.retry.5s")
            let publisher = try Publisher(configuration: broker)
            try await publisher.start()
            let outcomes = await publisher.publish(
                [
                    OutgoingMessage(
                        exchange: "commerce", routingKey: "no.such.v1",
                        properties: MessageProperties(contentType: "text/plain"), body: [1])
                ], timeout: .seconds(20))
            #expect(outcomes == [.confirmed])
            await publisher.close()
            let after = try await look.look()
            #expect(after.findings.map(\.kind) == [.topology, .unrouted] && after.findings.map(\.count) == [1, 1])
            #expect(after.findings.first?.name == "orders.to-erp.retry.5s")
            // Nobody answers at this address: that hides the bindings, and nothing else.
            let environment = [
                "STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_AMQP_MANAGEMENT": "http://127.0.0.1:1",
            ]
            let blind = try await BrokerLook(try Configuration(file: nil, environment: environment)).look()
            #expect(blind.findings == after.findings && blind.blindness != nil)
            await admin.close()
        }
    }
}
