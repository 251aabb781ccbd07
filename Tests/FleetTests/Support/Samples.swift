import FleetTesting
import Ledger
import Logging
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// What the tests handle: messages of the catalogue's examples, and parts that need no broker.
enum Samples {
    static let queue = "orders.to-erp"
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The catalogue's first example of a type, read.
    static func message(_ type: MessageType = Catalogue.orderPlaced) throws -> Received {
        let example = try #require(Catalogue.examples(for: type).first)
        return try MessageReader().read(Array(example.text.utf8))
    }

    /// An order of that number and revision, in its wire form.
    static func orderBody(_ number: String, revision: Int64 = 1) throws -> [UInt8] {
        var order = try #require(try message().payload as? Order)
        order.number = number
        order.revision = revision
        let envelope = Envelope(for: order, as: Catalogue.orderPlaced, source: "urn:test:store", time: .now())
        return MessageWriter().write(envelope, order)
    }

    /// A status of that order, in its wire form.
    static func statusBody(_ number: String, revision: Int64 = 1) throws -> [UInt8] {
        var status = try #require(try message(Catalogue.orderStatus).payload as? OrderStatus)
        status.number = number
        status.revision = revision
        let envelope = Envelope(for: status, as: Catalogue.orderStatus, source: "urn:test:erp", time: .now())
        return MessageWriter().write(envelope, status)
    }

    static func delivery(
        _ body: [UInt8], tag: UInt64 = 1, epoch: UInt64 = 1, redelivered: Bool = false,
        properties: MessageProperties = .init()
    ) -> Delivery {
        var properties = properties
        properties.contentType = properties.contentType ?? IncomingMessage.structured
        return Delivery(
            tag: DeliveryTag(epoch: epoch, value: tag), redelivered: redelivered, exchange: "commerce",
            routingKey: "order.placed.v1", properties: properties, body: body)
    }

    static func intake(
        _ body: [UInt8] = Array("{}".utf8), redelivered: Bool = false, properties: MessageProperties = .init()
    ) -> Intake {
        Intake(delivery(body, redelivered: redelivered, properties: properties))
    }

    /// A message that came back to its queue often enough to be handled alone.
    static func suspect(_ body: [UInt8], tag: UInt64 = 1, id: String = "m-1", returns: Int64 = 3) -> Delivery {
        delivery(
            body, tag: tag, redelivered: true,
            properties: MessageProperties(headers: ["x-delivery-count": .int64(returns)], messageID: id))
    }

    /// That message as it comes back from a retry tier.
    static func returned(_ copy: OutgoingMessage, tag: UInt64 = 1) -> Delivery {
        Delivery(
            tag: DeliveryTag(epoch: 1, value: tag), redelivered: false, exchange: FleetTopology.requeueExchange,
            routingKey: queue, properties: copy.properties, body: copy.body)
    }

    static func detour(
        _ ledger: Ledger, _ sink: SinkDouble, _ metrics: FlowMetrics, suspectPatience: Duration = .seconds(30)
    ) -> DetourRoad {
        DetourRoad(
            queue: queue, holder: "w-1",
            publisher: ConfirmedPublisher(publisher: sink, metrics: metrics, logger: quiet), ledger: ledger,
            policy: RetryPolicy(), metrics: metrics, logger: quiet, suspectPatience: suspectPatience)
    }

    static func probation(_ ledger: Ledger, crashesUntilPoison: Int = 3) -> Probation {
        Probation(ledger: ledger, queue: queue, solitude: Solitude(), crashesUntilPoison: crashesUntilPoison)
    }

    static let failure = Failure(
        code: "erp.unknown-sku", category: .rejected, sentence: "SKU \"X-1\" is unknown.", remedy: "Add it.")
}

/// Lends a ledger of one test's own, with the fleet's tables.
func withLedger<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Ledger) async throws -> Result
) async throws -> Result {
    try await TemporaryDirectory.with { directory in
        let ledger = try Ledger.open(path: directory.file("ledger.db"))
        try await FleetTables.migrate(ledger)
        let result = try await body(ledger)
        await ledger.close()
        return result
    }
}

/// A failed step shows itself as an error, never as a hang.
struct TookTooLong: Error {}

/// Fails instead of waiting for ever.
func inTime(_ work: @escaping @Sendable () async -> Void) async throws {
    guard await withDeadline(.seconds(30), work) else { throw TookTooLong() }
}
