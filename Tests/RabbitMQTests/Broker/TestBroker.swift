import RabbitMQ
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The broker that the environment names; tests that need it are skipped without.
enum TestBroker {
    static let variable = "STEVEDORE_TEST_AMQP_URL"
    static let url: String? = getenv(variable).map { String(cString: $0) }
    static var isThere: Bool { url != nil }

    /// Its port for TLS and a directory with certificates (see scripts/certificates), when STEVEDORE_TEST_AMQPS_URL and
    /// STEVEDORE_TEST_CERTIFICATES name them.
    static let tls: (url: String, certificates: String)? = {
        guard let url = getenv("STEVEDORE_TEST_AMQPS_URL"), let directory = getenv("STEVEDORE_TEST_CERTIFICATES") else {
            return nil
        }
        return (String(cString: url), String(cString: directory))
    }()

    static func configuration(
        urls: [String]? = nil, heartbeat: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
        backoff: Backoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(200))
    ) throws -> BrokerConfiguration {
        try BrokerConfiguration(
            urls: urls ?? [try #require(url)], connectionName: "rabbitmq-tests", heartbeat: heartbeat,
            connectTimeout: connectTimeout, backoff: backoff)
    }

    /// Runs a test with a quorum queue of its own, bound to an exchange of its own under its own name.
    static func withQueue(
        arguments: FieldTable = FieldTable(), _ body: (_ queue: String, BrokerAdmin) async throws -> Void
    ) async throws {
        let name = uniqueName()
        let admin = try BrokerAdmin(configuration: try configuration())
        try await admin.declare(Topology.Exchange(name, kind: .direct))
        try await admin.declare(.quorum(name, arguments: arguments))
        try await admin.bind(Topology.Binding(exchange: name, queue: name, routingKey: name))
        let result: Result<Void, any Error>
        do { result = .success(try await body(name, admin)) } catch { result = .failure(error) }
        try await admin.delete(queue: name)
        try await admin.delete(exchange: name)
        await admin.close()
        try result.get()
    }

    static func uniqueName() -> String { "test.\(UInt64.random(in: 0...UInt64.max))" }

    static func message(to queue: String, _ text: String, properties: MessageProperties = .init()) -> OutgoingMessage {
        OutgoingMessage(exchange: queue, routingKey: queue, properties: properties, body: Array(text.utf8))
    }

    /// Publishes texts over a publisher of its own, each of which must be confirmed.
    static func publish(_ texts: [String], to queue: String) async throws {
        let publisher = try Publisher(configuration: try configuration())
        try await publisher.start()
        let outcomes = await publisher.publish(texts.map { message(to: queue, $0) })
        #expect(outcomes.allSatisfy { $0 == .confirmed })
        await publisher.close()
    }
}

extension Delivery {
    var text: String { String(decoding: body.bytes, as: UTF8.self) }
}

extension Consumer {
    /// Takes batches until so many deliveries are there, without settling them.
    func take(_ count: Int) async -> [Delivery] {
        var taken: [Delivery] = []
        while taken.count < count, let batch = await nextBatch() { taken += batch.deliveries }
        return taken
    }
}
