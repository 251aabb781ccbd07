internal import Logging
internal import RabbitMQ

/// Pauses a flow while the called system is out of reach, and resumes it by itself.
///
/// Consumption stops (`basic.cancel`), the gate turns calls away, and one task asks by a call without effect, never with
/// a real message, so that neither attempts nor the delivery limit are spent.
actor OutageWatch {
    private let consumer: any DeliverySource
    private let gate: CallGate
    private let reachability: any Reachability
    private let logger: Logger
    private var probe: Task<Void, Never>?
    private var isOver = false

    init(consumer: any DeliverySource, gate: CallGate, reachability: any Reachability, logger: Logger) {
        self.consumer = consumer
        self.gate = gate
        self.reachability = reachability
        self.logger = logger
    }

    /// Whether the flow is paused now.
    var isPaused: Bool { probe != nil }

    /// The called system cannot be reached: pause, unless that has been done.
    func begin() async {
        guard probe == nil, !isOver else { return }
        probe = Task { await waitForReturn() }
        gate.close()
        logger.warning("flow paused", metadata: ["unreachable": "\(reachability.name)"])
        await consumer.pause()
    }

    /// Stops probing, for a shutdown.
    func cancel() {
        isOver = true
        probe?.cancel()
    }

    private func waitForReturn() async {
        var delay = Duration.seconds(1)
        repeat {
            // Jitter keeps the workers of a fleet from asking in step.
            guard (try? await Task.sleep(for: delay * Double.random(in: 0.8...1.2))) != nil else { return }
            delay = min(delay * 2, .seconds(15))
        } while await !reachability.isReachable()
        probe = nil
        gate.open()
        await consumer.resume()
        logger.notice("flow resumed", metadata: ["reachable": "\(reachability.name)"])
    }
}
