internal import Logging
internal import RabbitMQ

/// Puts together the road and the worker of one flow.
struct WorkerBuilder {
    let flow: Flow
    let parts: StationParts
    let consumer: Consumer
    let board: PauseBoard
    let metrics: FlowMetrics
    let finished: Latch<Void>
    let logger: Logger

    func make() -> (any FlowWorker, OutageWatch?) {
        switch flow.handling {
        case .projections(let handlers): (projections(handlers), nil)
        case .calls(let handlers, let reachability): calls(handlers, reachability)
        }
    }

    private func projections(_ handlers: [any ProjectionHandler]) -> ProjectionWorker {
        let pairs = handlers.flatMap { handler in handler.types.map { ($0, handler) } }
        let road = ProjectionRoad(
            queue: flow.queue, holder: parts.holder, handlers: Dictionary(pairs) { first, _ in first },
            ledger: parts.ledger, probation: probation, detour: detour, metrics: metrics, logger: logger,
            isObserver: FleetTopology.isObserver(flow.queue))
        let watch = LedgerWatch(
            consumer: consumer, ledger: parts.ledger, metrics: metrics, logger: logger, patience: limits.pause)
        return ProjectionWorker(
            consumer: source, road: road, ledgerWatch: watch, finished: finished, metrics: metrics, logger: logger)
    }

    private func calls(
        _ handlers: [any CallHandler], _ reachability: any Reachability
    ) -> (any FlowWorker, OutageWatch?) {
        let pairs = handlers.flatMap { handler in handler.types.map { ($0, handler) } }
        let gate = CallGate(limit: AdaptiveLimit(settings: .init(maximum: parts.configuration.callPrefetch)))
        let outage = OutageWatch(
            consumer: consumer, gate: gate, reachability: reachability,
            breaker: Breaker(
                destination: reachability.name, worker: "\(parts.holder) \(flow.queue)", ledger: parts.ledger,
                logger: logger),
            ledger: parts.ledger, board: board, logger: logger)
        let road = CallRoad(
            queue: flow.queue, holder: parts.holder, handlers: Dictionary(pairs) { first, _ in first },
            reachability: reachability, gate: gate, ledger: parts.ledger, probation: probation, detour: detour,
            outboxWake: parts.outboxWake, lease: parts.configuration.lease,
            leases: LeaseKeeper(ledger: parts.ledger, lease: parts.configuration.lease, logger: logger),
            metrics: metrics, logger: logger)
        let worker = CallWorker(
            consumer: source, road: road, outage: outage, finished: finished, metrics: metrics, logger: logger)
        return (worker, outage)
    }

    private var limits: HoldLimits { HoldLimits() }

    private var source: PositionNoting {
        PositionNoting(consumer, queue: flow.queue, ledger: parts.ledger, solitude: parts.solitude)
    }

    private var probation: Probation {
        Probation(
            ledger: parts.ledger, queue: flow.queue, solitude: parts.solitude,
            crashesUntilPoison: parts.configuration.crashesUntilPoison)
    }

    private var detour: DetourRoad {
        DetourRoad(
            queue: flow.queue, holder: parts.holder,
            publisher: ConfirmedPublisher(
                publisher: parts.publisher, metrics: metrics, logger: logger, patience: limits.detour),
            ledger: parts.ledger, policy: RetryPolicy(maximumAttempts: parts.configuration.maximumAttempts),
            metrics: metrics, logger: logger, notePatience: limits.note)
    }
}
