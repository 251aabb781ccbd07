internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// What every flow of a process shares.
struct StationParts: Sendable {
    let configuration: Configuration
    let broker: BrokerConfiguration
    let holder: String
    let ledger: Ledger
    let publisher: Publisher
    let outboxWake: WakeSignal
    let solitude = Solitude()
    let logger: Logger
}

/// One flow at work: its consumer, its worker and its gauges.
final class Station: Sendable {
    let flow: Flow
    let consumer: Consumer
    let worker: any FlowWorker
    let metrics: FlowMetrics
    let finished = Latch<Void>()
    private let watch: ConnectionWatch
    /// What RabbitMQ 4 takes at most. A contract allows far less; up to here a worker says so itself in the dead letter,
    /// but RabbitMQ 3 takes up to 128 MiB, and a prefetch of those would end the process.
    private static let largestBody = 16 << 20
    private let outage: OutageWatch?
    private let board: PauseBoard

    init(_ flow: Flow, _ parts: StationParts) throws(BrokerError) {
        var logger = parts.logger
        logger[metadataKey: "flow"] = "\(flow.queue)"
        self.flow = flow
        metrics = FlowMetrics(queue: flow.queue)
        watch = ConnectionWatch(name: flow.queue, logger: logger, metrics: metrics)
        let settings = parts.configuration
        let prefetch = if case .calls = flow.handling { settings.callPrefetch } else { settings.prefetch }
        consumer = try Consumer(
            configuration: parts.broker, queue: flow.queue, prefetch: UInt16(clamping: prefetch),
            largestBody: Self.largestBody,
            // In another shape, for example without its dead-letter target, the queue would lose messages.
            topology: TopologyPlan.flow(flow.queue).queues.filter { $0.name == flow.queue }.map { .queue($0) },
            onEvent: watch.observe)
        board = PauseBoard(queue: flow.queue, holder: parts.holder, ledger: parts.ledger, metrics: metrics)
        let builder = WorkerBuilder(
            flow: flow, parts: parts, consumer: consumer, board: board, metrics: metrics, finished: finished,
            logger: logger)
        (worker, outage) = builder.make()
    }

    /// Stops taking messages in; what is in hand goes on.
    func stop() async {
        await outage?.cancel()
        await worker.stop()
        await consumer.stop()
    }

    /// A paused flow is fit for work: it is the called system that is not.
    func check() async -> HealthCheck {
        let name = "consumer \(flow.queue)"
        guard let pause = board.pause else {
            return HealthCheck(name: name, isUp: watch.isConnected, detail: watch.detail)
        }
        let since = Timestamp(microseconds: pause.since)?.description ?? "just now"
        return HealthCheck(
            name: name, isUp: watch.isConnected, detail: "paused since \(since): \(pause.reason) \(pause.remedy)",
            state: "paused")
    }
}
