import Ledger
import Models
import RabbitMQ

@testable import Fleet

/// Answers each call as the test's closure says.
private struct ScriptedHandler: CallHandler {
    let types = [Catalogue.orderPlaced.name]
    var urgency: (@Sendable (Received) -> Urgency)?
    let script: @Sendable (Received, CallContext) async -> CallAnswer

    func call(_ message: Received, context: CallContext) async -> CallAnswer { await script(message, context) }

    var knowsUrgency: Bool { urgency != nil }

    func urgency(of message: Received, in snapshot: LedgerSnapshot) throws -> Urgency { urgency?(message) ?? .none }
}

private struct ScriptedReachability: Reachability {
    let name = "erp"
    let script: @Sendable () async -> Reach

    func reach() async -> Reach { await script() }
}

/// A call worker whose broker and called system are doubles.
struct CallRig {
    static let applied = CallAnswer.effect(Effect(state: "accepted", reference: "SO-1"))
    static let outage = Failure(
        code: "erp.unavailable", category: .unavailable, sentence: "The ERP cannot be reached.", remedy: "Check it.")

    let feed = DeliveryFeed()
    let sink: SinkDouble
    let metrics = FlowMetrics(queue: Samples.queue)
    let gate = CallGate()
    let road: CallRoad
    let worker: CallWorker
    let outage: OutageWatch
    let board: PauseBoard

    init(
        _ ledger: Ledger, isReachable: Bool = true, sink: SinkDouble = SinkDouble(), limits: HoldLimits = HoldLimits(),
        worker: String = "w-1", lease: Duration = .seconds(15), suspectPatience: Duration = .seconds(30),
        urgency: (@Sendable (Received) -> Urgency)? = nil, reach: (@Sendable () async -> Reach)? = nil,
        script: @escaping @Sendable (Received, CallContext) async -> CallAnswer
    ) {
        self.sink = sink
        let reachability = ScriptedReachability(
            script: reach ?? { isReachable ? .reachable : .unreachable(Self.outage) })
        board = PauseBoard(queue: Samples.queue, holder: worker, ledger: ledger, metrics: metrics)
        outage = OutageWatch(
            consumer: feed, gate: gate, reachability: reachability,
            breaker: Breaker(destination: "erp", worker: worker, ledger: ledger, logger: Samples.quiet),
            ledger: ledger, board: board, limits: limits, logger: Samples.quiet)
        road = CallRoad(
            queue: Samples.queue, holder: worker,
            handlers: [Catalogue.orderPlaced.name: ScriptedHandler(urgency: urgency, script: script)],
            reachability: reachability, gate: gate, ledger: ledger, probation: Samples.probation(ledger),
            detour: Samples.detour(ledger, sink, metrics, suspectPatience: suspectPatience), outboxWake: WakeSignal(),
            lease: .seconds(15),
            leases: LeaseKeeper(ledger: ledger, lease: lease, logger: Samples.quiet), metrics: metrics,
            logger: Samples.quiet, limits: limits)
        self.worker = CallWorker(
            consumer: feed, road: road, outage: outage, finished: Latch(), metrics: metrics, logger: Samples.quiet)
    }

    /// Runs until all deliveries are settled and the worker has ended.
    func work(_ deliveries: [Delivery]) async throws {
        try await running(deliveries) { try await inTime { await feed.settled(deliveries.count) } }
    }

    /// Lends the running worker, and stops it.
    func running(_ deliveries: [Delivery], _ body: () async throws -> Void) async throws {
        await feed.feed(deliveries)
        let running = Task { await worker.run() }
        do {
            try await body()
        } catch {
            await stop()
            _ = await worker.abandon()
            throw error
        }
        await stop()
        try await inTime { await running.value }
    }

    func stop() async {
        await outage.cancel()
        await worker.stop()
        await feed.stop()
    }

    /// Why copies were published, by routing key.
    var published: [String: Int] {
        sink.published.reduce(into: [:]) { $0[$1.routingKey, default: 0] += 1 }
    }
}

extension Samples {
    /// An order each, in the order of their tags.
    static func orders(_ numbers: [String]) throws -> [Delivery] {
        try numbers.enumerated().map { delivery(try orderBody($1), tag: UInt64($0 + 1)) }
    }
}
