import FleetTesting
import HTTPClient
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// What log lines say of persons: nothing.
@Suite("Persons in logs")
struct EraseLogTests {
    @Test("no address gets into a line, and the name of a process stays")
    func values() {
        #expect(LogRedaction.value("no a.b@c.example, sorry", of: "reason") == "no (hidden), sorry")
        let worker = "orders-worker@a.example.com:7-x"
        #expect(LogRedaction.value(worker, of: "worker") == worker)
        #expect(LogRedaction.value("orders-worker@a:7", of: "reason") == "orders-worker@a:7")
    }

    @Test("a sentence about a message does not quote whom the message names")
    func sentences() throws {
        let order = try EraseDesk.order("W-1")
        let body = EraseDesk.body(order, Catalogue.orderPlaced, id: "m-1")
        let text = "The ERP refuses W-1: contact \(order.contact.name) at \(order.shipTo.street[0]) is unknown."
        let said = LogRedaction.sentence(text, about: body, type: nil)
        #expect(said == "The ERP refuses W-1: contact (hidden) at (hidden) is unknown.")
    }

    @Test("the fleet's logs and metrics name nobody, whatever it is sent", .needsBroker, .timeLimit(.minutes(3)))
    func fleet() async throws {
        try await UpRig.with { rig in
            let up = try rig.start()
            for label in ["orders-worker.1", "orders-worker.2", "erp-feed"] {
                try await up.waitForLine(within: .seconds(60), "\(label) ready") {
                    $0.hasPrefix(label) && $0.contains(" ready")
                }
            }
            try await Self.publish(try Self.bodies(), to: rig.host.url)
            try await eventually(within: .seconds(60), "the dead letters to be logged") {
                up.output.filter { $0.contains("dead letter") }.count >= 3
            }
            let lines = up.output + up.errors + (try await Self.metrics(up.output))
            for canary in EraseDesk.canaries {
                let quoted = lines.first { $0.contains(canary) }
                #expect(quoted == nil, "\(canary)")
            }
            up.terminate()
            _ = try await up.waitForExit(within: .seconds(60))
        }
    }

    /// What every program says of itself to whoever asks.
    private static func metrics(_ lines: [String]) async throws -> [String] {
        let sign = "http://127.0.0.1:"
        let ports = lines.filter { $0.contains("health") }.compactMap { line in
            line.firstRange(of: sign).map { line[$0.upperBound...].prefix { $0.isNumber } }
        }
        #expect(!ports.isEmpty)
        let client = try HTTPClient()
        var pages: [String] = []
        for port in ports {
            let page = try await client.send(HTTPRequest(url: "\(sign)\(port)/metrics"))
            pages.append(String(decoding: page.body, as: UTF8.self))
        }
        await client.close()
        return pages
    }

    /// One that is refused by the ERP, one that breaks its contract in each personal field, one that is no JSON.
    private static func bodies() throws -> [[UInt8]] {
        let whole = EraseDesk.body(try EraseDesk.order("W-1"), Catalogue.orderPlaced, id: MessageID.next())
        let text = String(decoding: whole, as: UTF8.self)
        let canary = "\"\(EraseDesk.canaries[1])\""
        let malformed = text.replacing(canary, with: "[\(canary)]").replacing("W-1", with: "W-2")
        return [whole, Array(malformed.utf8), Array(text.replacing("W-1", with: "W-3").utf8.dropLast(1))]
    }

    private static func publish(_ bodies: [[UInt8]], to url: String) async throws {
        let publisher = try Publisher(configuration: try BrokerConfiguration(urls: [url]))
        try await publisher.start()
        let outcomes = await publisher.publish(
            bodies.map { body in
                OutgoingMessage(
                    exchange: FleetTopology.exchange, routingKey: "order.placed.v1",
                    properties: MessageProperties(
                        contentType: IncomingMessage.structured, messageID: MessageID.next(), type: "order.placed.v1"),
                    body: body)
            })
        await publisher.close()
        let areAllConfirmed = outcomes.allSatisfy { $0 == .confirmed }
        #expect(areAllConfirmed)
    }
}
