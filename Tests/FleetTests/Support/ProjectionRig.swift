import FleetTesting
import Ledger
import Models
import RabbitMQ

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

/// A projection worker whose broker is a double.
struct ProjectionRig {
    let feed = DeliveryFeed()
    let metrics = FlowMetrics(queue: Samples.queue)
    let sink: SinkDouble
    let probation: Probation
    let road: ProjectionRoad
    let worker: ProjectionWorker
    private let ledger: Ledger

    init(
        _ ledger: Ledger, sink: SinkDouble = SinkDouble(), patience: Duration = .seconds(600),
        suspectPatience: Duration = .seconds(30)
    ) {
        self.ledger = ledger
        self.sink = sink
        probation = Samples.probation(ledger)
        road = ProjectionRoad(
            queue: Samples.queue, holder: "w-1", handlers: [Catalogue.orderStatus.name: MoodyHandler()],
            ledger: ledger, probation: probation,
            detour: Samples.detour(ledger, sink, metrics, suspectPatience: suspectPatience), metrics: metrics,
            logger: Samples.quiet)
        let watch = LedgerWatch(
            consumer: feed, ledger: ledger, metrics: metrics, logger: Samples.quiet, patience: patience,
            interval: .milliseconds(5))
        worker = ProjectionWorker(
            consumer: feed, road: road, ledgerWatch: watch, finished: Latch(), metrics: metrics, logger: Samples.quiet)
    }

    /// Runs while the body does, and until everything in hand is settled.
    func run(_ body: () async throws -> Void) async throws {
        let running = Task { await worker.run() }
        try await body()
        await feed.stop()
        try await inTime { await running.value }
    }

    /// Feeds the deliveries, and stops once all are settled.
    func work(_ deliveries: [Delivery]) async throws {
        await feed.feed(deliveries)
        try await run { try await inTime { await feed.settled(deliveries.count) } }
    }

    /// Feeds messages with these bodies, numbered from 1, and stops once all are settled.
    func work(_ bodies: [[UInt8]]) async throws {
        try await work(bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) })
    }

    /// The subjects that the handler has projected.
    func seen() async throws -> [String] {
        try await ledger.read { try $0.subjects(forAlias: "x").map(\.subject) }
    }
}
