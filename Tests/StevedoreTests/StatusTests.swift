import Fleet
import FleetTesting
import FoundationEssentials
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("stevedore status", .needsBroker, .timeLimit(.minutes(3)))
struct StatusTests {
    private struct Status: Decodable {
        struct Flow: Decodable {
            var flow: String
            var ready: Int?
            var deadLetters: Int
            var retrying: Int
            var workers: Int
            var oldestReadySecondsAtMost: Int?
            var oldestDeadLetterSeconds: Int?
        }

        struct Questions: Decodable {
            var queue: String
            var waiting: Int?
            var consumers: Int
        }

        var flows: [Flow]
        var questions: [Questions]
        var unrouted: Int?
        var missingQueues: [String]
        var advice: [String]
    }

    @Test("it counts what waits, what failed, what found no queue, and who works")
    func backlog() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            let broker = try BrokerConfiguration(urls: [host.url])
            let admin = try BrokerAdmin(configuration: broker)
            try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
            await admin.close()
            try await fill(broker)
            try await write(Timestamp.now().microseconds, to: folder.file("ledger.db"))
            let consumer = try Consumer(configuration: broker, queue: "orders.to-store", prefetch: 1) { _ in }
            try await consumer.start()
            let environment = ["STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": folder.file("ledger.db")]
            let status = try await eventually("the consumer to be counted") {
                let status = try await look(environment)
                return status.flows.contains { $0.workers == 1 } ? status : nil
            }
            let toERP = try #require(status.flows.first { $0.flow == "orders.to-erp" })
            #expect(toERP.ready == 3 && toERP.deadLetters == 1 && toERP.retrying == 1 && toERP.workers == 0)
            let (oldest, oldestLetter) = (toERP.oldestReadySecondsAtMost ?? 0, toERP.oldestDeadLetterSeconds ?? 0)
            #expect((90...200).contains(oldest) && (60...170).contains(oldestLetter))
            let toStore = try #require(status.flows.first { $0.flow == "orders.to-store" })
            #expect(toStore.ready == 0 && toStore.workers == 1 && toStore.oldestReadySecondsAtMost == nil)
            let questions = try #require(status.questions.first)
            #expect(questions.queue == "quotes.to-erp" && questions.waiting == 0 && questions.consumers == 0)
            #expect(status.unrouted == 1 && status.missingQueues == [])
            #expect(status.advice.contains { $0.contains("orders.to-erp has messages, and nobody consumes it") })
            #expect(status.advice.contains { $0.hasPrefix("1 message found no queue") })
            await consumer.close()
            // Looking took nothing.
            try await host.waitForDepth(of: "orders.to-erp") { $0.ready == 3 }
        }
    }

    private func look(_ environment: [String: String]) async throws -> Status {
        let text = try await ChildProcess.run("stevedore", arguments: ["status", "--json"], environment: environment)
        return try JSONDecoder().decode(Status.self, from: Data(text.utf8))
    }

    /// Three messages in a flow, one in a retry queue, one dead letter, one that no queue wants.
    private func fill(_ broker: BrokerConfiguration) async throws {
        let places = [
            ("commerce", "order.placed.v1"), ("commerce", "order.placed.v1"), ("commerce", "order.amended.v1"),
            ("commerce.retry", "orders.to-erp.retry.2h"), ("commerce.dead", "orders.to-erp.dead"),
            ("commerce", "order.unheard-of.v1"),
        ]
        let publisher = try Publisher(configuration: broker)
        try await publisher.start()
        let outcomes = await publisher.publish(
            places.map { OutgoingMessage(exchange: $0.0, routingKey: $0.1, properties: .init(), body: [0x7B, 0x7D]) })
        await publisher.close()
        #expect(outcomes.allSatisfy { $0 == .confirmed })
    }

    /// What workers would have left: the dead letter, and how far they came.
    private func write(_ now: Int64, to path: String) async throws {
        let ledger = try Ledger.open(path: path)
        try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
        try await ledger.write { transaction in
            try transaction.record(
                FlowPosition(queue: "orders.to-erp", takenAt: now, messageTime: now - 90_000_000))
            try transaction.recordDeadLetter(
                DeadLetterRecord(
                    id: "letter", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                    subject: "SO-1", revision: 1, code: "sku.unknown", category: "rejected", sentence: "Unknown.",
                    fingerprint: "f", attempts: 1, firstFailedAt: now - 60_000_000, lastFailedAt: now - 60_000_000))
        }
        await ledger.close()
    }
}
