import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Shipments on their way to the store", .needsBroker, .timeLimit(.minutes(10)))
struct TrackingTests {
    private static let queue = Catalogue.shipment.queue
    private static let links = ["STOREFRONT_TRACKING_LINKS": "UPS=https://ups.example/?n={number}"]

    private func shipment(
        _ id: String, revision: Int64 = 1, of order: OrderReference, _ state: Shipment.State = .shipped
    ) throws -> OutgoingMessage {
        let shipment = Shipment(
            id: id, revision: revision, order: order, warehouse: "TAC", state: state, carrier: "UPS",
            trackingNumbers: ["1Z-\(id)"],
            lines: [ShipmentLine(lineID: "1", sku: "FST-0001", quantity: try #require(ExactDecimal("1")))])
        return OrderMessages.message(of: shipment, as: Catalogue.shipment)
    }

    private func status(_ number: String) throws -> OutgoingMessage {
        let status = OrderStatus(number: number, revision: 1, answeredRevision: 1, state: .accepted, lines: [])
        return OrderMessages.message(of: status, as: Catalogue.orderStatus)
    }

    private func shown(_ rig: Rig) async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query("SELECT number || ' ' || shipment || ' ' || state || ' ' || link FROM store_tracking") {
                $0.text(0)
            }
        }
    }

    @Test("a shipment that comes before its order waits and is shown when the order is; its newest revision stands")
    func beforeItsOrder() async throws {
        try await Rig.with { rig in
            let worker = try rig.start("tracking-worker", Self.links)
            try await rig.publish([
                try shipment("SH-1", revision: 2, of: .online("W-1"), .delivered),
                try shipment("SH-1", revision: 1, of: .online("W-1")),
            ])
            let retryQueue = FleetTopology.retryQueue(Self.queue, .fiveSeconds)
            try await eventually("both to wait") { try await rig.host.depth(of: retryQueue)?.messages == 2 }
            #expect(try await shown(rig).isEmpty)
            let orders = try rig.startWorker(only: "to-store")
            try await rig.publish([try status("W-1")])
            try await rig.waitUntilEmpty(Self.queue)
            #expect(try await shown(rig) == ["W-1 SH-1 delivered https://ups.example/?n=1Z-SH-1"])
            #expect(try await rig.deadLetters(of: Self.queue) == 0)
            try await rig.stop(worker)
            try await rig.stop(orders)
        }
    }

    @Test("a shipment whose order never comes is a dead letter that says so")
    func neverComes() async throws {
        try await Rig.with { rig in
            let worker = try rig.start(
                "tracking-worker", Self.links.merging(["WORKER_MAXIMUM_ATTEMPTS": "2"]) { $1 })
            try await rig.publish([try shipment("SH-9", of: .online("W-9"))])
            try await eventually(within: .seconds(60), "the letter") {
                try await rig.deadLetters(of: Self.queue) == 1
            }
            let letter = try #require(try await rig.letters(of: Self.queue).first)
            #expect(letter.properties.headers[MessageHeader.code]?.text == "shipment.order-unknown")
            #expect(letter.properties.headers[MessageHeader.sentence]?.text?.contains("no order \"W-9\"") == true)
            #expect(letter.properties.headers[MessageHeader.attempt]?.integer == 2)
            try await rig.stop(worker)
        }
    }
}
