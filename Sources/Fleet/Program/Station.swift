internal import Ledger
internal import Logging
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
    /// Four times what a contract allows: up to here a worker itself says in the dead letter that it is too large. A
    /// broker takes up to 128 MiB (16 MiB since RabbitMQ 4), and a prefetch of those would end the process.
    private static let largestBody = 4 << 20
    private let outage: OutageWatch?

    init(_ flow: Flow, _ parts: StationParts) {
        var logger = parts.logger
        logger[metadataKey: "flow"] = "\(flow.queue)"
        self.flow = flow
        metrics = FlowMetrics(queue: flow.queue)
        watch = ConnectionWatch(name: flow.queue, logger: logger, metrics: metrics)
        let settings = parts.configuration
        let prefetch = if case .calls = flow.handling { settings.callPrefetch } else { settings.prefetch }
        consumer = Consumer(
            configuration: parts.broker, queue: flow.queue, prefetch: UInt16(clamping: prefetch),
            largestBody: Self.largestBody,
            // In another shape, for example without its dead-letter target, the queue would lose messages.
            topology: TopologyPlan.flow(flow.queue).queues.filter { $0.name == flow.queue }.map { .queue($0) },
            onEvent: watch.observe)
        let builder = WorkerBuilder(
            flow: flow, parts: parts, consumer: consumer, metrics: metrics, finished: finished, logger: logger)
        (worker, outage) = builder.make()
    }

    /// Stops taking messages in; what is in hand goes on.
    func stop() async {
        await outage?.cancel()
        await consumer.stop()
    }

    func check() async -> HealthCheck {
        let isPaused = await outage?.isPaused ?? false
        let detail = isPaused ? "paused: the called system is out of reach" : watch.detail
        return HealthCheck(name: "consumer \(flow.queue)", isUp: watch.isConnected, detail: detail)
    }
}
