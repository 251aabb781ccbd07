import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// A virtual host with dead letters in it, a ledger that knows them, and the program `dead-letter`.
struct Desk: Sendable {
    let host: VirtualHost
    let ledger: Ledger
    let broker: BrokerConfiguration
    private let folder: TemporaryDirectory

    static func with(letters: Int, _ body: (Desk) async throws -> Void) async throws {
        try await TestBroker.withVirtualHost { host in
            let folder = try TemporaryDirectory()
            let desk = Desk(
                host: host, ledger: try Ledger.open(path: folder.file("ledger.db")),
                broker: try BrokerConfiguration(urls: [host.url]), folder: folder)
            try await desk.fill(letters)
            try await body(desk)
            await desk.ledger.close()
        }
    }

    /// Runs the program to its end; what it wrote to standard output.
    func run(_ arguments: [String]) async throws -> String {
        try await ChildProcess.run("dead-letter", arguments: arguments, environment: environment)
    }

    func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess("dead-letter", arguments: arguments, environment: environment.merging(more) { $1 })
    }

    /// Takes everything off a queue; the message ids in order.
    func ids(in queue: String) async throws -> [String] {
        try await host.waitForDepth(of: queue) { $0.unacknowledged == 0 }
        let admin = try BrokerAdmin(configuration: broker)
        var ids: [String] = []
        while let delivery = try await admin.get(queue: queue) {
            ids.append(delivery.properties.messageID ?? "")
            try await admin.settle([.ack(delivery.tag)])
        }
        await admin.close()
        return ids
    }

    /// Publishes messages by id, each with its type as the key, into the main exchange.
    func publish(_ types: [String: String]) async throws {
        let publisher = try Publisher(configuration: broker)
        try await publisher.start()
        let outcomes = await publisher.publish(
            types.map { id, type in
                OutgoingMessage(
                    exchange: FleetTopology.exchange, routingKey: type,
                    properties: MessageProperties(messageID: id, type: type), body: Array("{}".utf8))
            })
        await publisher.close()
        #expect(outcomes.allSatisfy { $0 == .confirmed })
    }

    /// As if a worker had applied that revision of the order; of other content if wanted.
    func apply(_ number: String, revision: Int64, id: String, isOther: Bool = false) async throws {
        let body = String(decoding: try Letters.order(number, revision: revision, id: id), as: UTF8.self)
        let content = try #require(Letters.make(body: body).content)
        var key = FleetTopology.claimKey(of: content, in: "orders.to-erp")
        if isOther { key.hash = ContentDigest(high: 1, low: 2) }
        try await ledger.write { [key] in _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
    }

    /// Where the story of each letter stands, in their order.
    func states() async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query("SELECT state FROM dead_letter ORDER BY number") { $0.text(0) }
        }
    }

    /// Who changed it last, and why.
    func notes(_ ids: [String]) async throws -> [String] {
        try await ledger.read { snapshot in try ids.map { try snapshot.deadLetter(id: $0)?.note ?? "" } }
    }

    /// One more letter, which the index does not know.
    func publishLetter(_ number: String, id: String, _ headers: FieldTable) async throws {
        let publisher = try Publisher(configuration: broker)
        try await publisher.start()
        var table = headers
        table["stevedore-code"] = "rejected.unknown-sku"
        let message = OutgoingMessage(
            exchange: FleetTopology.deadExchange, routingKey: "orders.to-erp.dead",
            properties: MessageProperties(headers: table, messageID: id), body: try Letters.order(number, id: id))
        let outcomes = await publisher.publish([message])
        await publisher.close()
        #expect(outcomes == [.confirmed])
    }

    /// As workers keep the bodies of letters.
    func keepBodies(_ count: Int) async throws {
        try await ledger.write { transaction in
            for number in 0..<count {
                let id = "letter-\(number)"
                let body = try Letters.order("SO-\(number)", id: id)
                let name = try transaction.keepBody(
                    body, of: id, MessageProperties(contentType: "application/cloudevents+json"), at: 1)
                try transaction.execute("UPDATE dead_letter SET payload = ? WHERE id = ?", .text(name), .text(id))
            }
        }
    }

    private var environment: [String: String] {
        ["STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": folder.file("ledger.db")]
    }

    private func fill(_ count: Int) async throws {
        let admin = try BrokerAdmin(configuration: broker)
        try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
        await admin.close()
        let publisher = try Publisher(configuration: broker)
        try await publisher.start()
        let time = Timestamp.now()
        let letters = try (0..<count).map { try Self.letter($0, time) }
        let outcomes = await publisher.publish(letters)
        await publisher.close()
        #expect(outcomes.allSatisfy { $0 == .confirmed })
        try await ledger.write { transaction in
            for number in 0..<count { try transaction.recordDeadLetter(Self.record(number, time)) }
        }
    }

    private static func letter(_ number: Int, _ time: Timestamp) throws -> OutgoingMessage {
        OutgoingMessage(
            exchange: FleetTopology.deadExchange, routingKey: "orders.to-erp.dead",
            properties: MessageProperties(
                headers: [
                    "stevedore-code": "rejected.unknown-sku", "stevedore-attempt": 1,
                    "stevedore-last-failed-at": .string(time.description),
                    "stevedore-faults": "/data/lines/0/sku\tsku\tThe ERP does not know X.",
                    "stevedore-fingerprint": "f",
                ], messageID: "letter-\(number)"),
            body: try Letters.order("SO-\(number)", id: "letter-\(number)"))
    }

    private static func record(_ number: Int, _ time: Timestamp) -> DeadLetterRecord {
        DeadLetterRecord(
            id: "letter-\(number)", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
            subject: "SO-\(number)", revision: 1, code: "rejected.unknown-sku", category: "rejected",
            sentence: "The ERP does not know X.", fingerprint: "f", attempts: 1, firstFailedAt: time.microseconds,
            lastFailedAt: time.microseconds)
    }
}
