import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// Fails for the subjects it is told to, in the way they say.
private struct MoodyHandler: ProjectionHandler {
    let types = [Catalogue.orderStatus.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        switch message.envelope.subject {
        case "failure": throw Samples.failure
        case "surprise": throw TookTooLong()
        case "statement": try transaction.execute("INSERT INTO no_such_table VALUES (1)")
        default: try transaction.addAlias(kind: "seen", value: "x", family: "f", subject: message.envelope.subject)
        }
    }
}

@Suite struct ProjectionRoadTests {
    private let metrics = FlowMetrics(queue: Samples.queue)

    private func road(_ ledger: Ledger, _ sink: SinkDouble) -> ProjectionRoad {
        ProjectionRoad(
            queue: Samples.queue, holder: "w-1", handlers: [Catalogue.orderStatus.name: MoodyHandler()],
            ledger: ledger, probation: Samples.probation(ledger), detour: Samples.detour(ledger, sink, metrics),
            metrics: metrics, logger: Samples.quiet)
    }

    /// Feeds the bodies to a worker and stops it.
    private func work(_ bodies: [[UInt8]], _ ledger: Ledger, _ sink: SinkDouble = SinkDouble()) async throws
        -> DeliveryFeed
    {
        let feed = DeliveryFeed()
        let worker = ProjectionWorker(
            consumer: feed, road: road(ledger, sink), finished: Latch(), metrics: metrics, logger: Samples.quiet)
        let deliveries = bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) }
        await feed.feed(deliveries)
        let running = Task { await worker.run() }
        try await inTime { await feed.settled(deliveries.count) }
        await feed.stop()
        try await inTime { await running.value }
        return feed
    }

    private func seen(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { try $0.subjects(forAlias: "x").map(\.subject) }
    }

    @Test("a bad message costs only itself", arguments: ["failure", "surprise", "statement"])
    func badNeighbour(kind: String) async throws {
        try await withLedger { ledger in
            let sink = SinkDouble()
            let bodies = try ["A", kind, "B"].map { try Samples.statusBody($0) } + [Array("junk".utf8)]
            let feed = try await work(bodies, ledger, sink)
            #expect(try await seen(ledger) == ["A", "B"])
            #expect(await feed.settlements == (1...4).map { .ack(DeliveryTag(epoch: 1, value: $0)) })
            #expect(sink.published.count == 2)
            #expect(metrics.total(.applied) == 2)
        }
    }

    @Test("repeated and older messages are acknowledged and change nothing")
    func repeated() async throws {
        try await withLedger { ledger in
            let newer = try Samples.statusBody("A", revision: 2)
            let sink = SinkDouble()
            _ = try await work([newer, newer, try Samples.statusBody("A", revision: 1)], ledger, sink)
            #expect(metrics.total(.applied) == 1)
            #expect(metrics.total(.duplicate) == 1)
            #expect(metrics.total(.superseded) == 1)
            #expect(sink.published.isEmpty)
        }
    }

    @Test("the same revision with other content is a dead letter")
    func conflict() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble()
            var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            status.state = .shipped
            let envelope = Envelope(for: status, as: Catalogue.orderStatus, source: "urn:test", time: .now())
            let other = MessageWriter().write(envelope, status)
            _ = try await work([try Samples.statusBody("W-1001"), other], ledger, sink)
            #expect(
                sink.published.map { $0.properties.headers[MessageHeader.code]?.text } == ["conflict.same-revision"])
        }
    }

    @Test("when the ledger takes nothing, nothing is acknowledged")
    func noLedger() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let item = ProjectionRoad.Item(Samples.intake(), try Samples.message(Catalogue.orderStatus))
            await #expect(throws: LedgerError.self) { try await road(reader, SinkDouble()).travel([item]) }
            await reader.close()
        }
    }
}
