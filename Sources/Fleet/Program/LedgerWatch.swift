internal import Ledger
internal import Logging
internal import RabbitMQ

/// Decides what becomes of held deliveries while the ledger takes nothing, and pauses the flow when that lasts.
///
/// For a while deliveries are simply held: a full disk or a long lock passes, and holding spends nothing. But the broker
/// closes the channel of a consumer that holds one for half an hour, and counts that against every message on it. So
/// after ``patience`` the flow stops consuming and gives back what it holds, once in a pause and never in a loop, because
/// the broker counts each return of a message. Then the ledger is asked, not the messages, until it can be written.
actor LedgerWatch {
    /// What to do with a delivery that the ledger did not take.
    enum Advice: Sendable {
        /// Keep it, and try again after this long.
        case wait(Duration)
        /// Give it back to its queue; the flow is paused.
        case giveBack
    }

    private let consumer: any DeliverySource
    private let ledger: Ledger
    private let metrics: FlowMetrics
    private let logger: Logger
    private let patience: Duration
    private let interval: Duration
    private var blockedSince: ContinuousClock.Instant?
    private var probe: Task<Void, Never>?
    private var isOver = false

    /// `patience` must end well before the broker's consumer timeout; `interval` lies between two tries.
    init(
        consumer: any DeliverySource, ledger: Ledger, metrics: FlowMetrics, logger: Logger,
        patience: Duration = .seconds(600), interval: Duration = .seconds(2)
    ) {
        self.consumer = consumer
        self.ledger = ledger
        self.metrics = metrics
        self.logger = logger
        self.patience = patience
        self.interval = interval
    }

    /// Whether the flow is paused now.
    var isPaused: Bool { probe != nil }

    /// Whether the ledger refused the last write that was tried.
    var isBlocked: Bool { blockedSince != nil }

    /// A write failed: what its holder should do. Logs when it begins, not at every try.
    func blocked(by error: any Error) async -> Advice {
        let now = ContinuousClock.now
        if blockedSince == nil {
            blockedSince = now
            metrics.ledgerBlocked.set(1)
            logger.error("blocked", metadata: ["reason": "\(error)"])
        }
        if isPaused { return .giveBack }
        guard let since = blockedSince, now - since >= patience, !isOver else { return .wait(interval) }
        probe = Task { await waitForReturn() }
        logger.error("flow paused", metadata: ["blocked": "\(now - since)", "reason": "\(error)"])
        await consumer.pause()
        return .giveBack
    }

    /// A write succeeded.
    func worked() {
        guard blockedSince != nil, probe == nil else { return }
        unblock()
    }

    /// Stops asking, for a shutdown.
    func cancel() {
        isOver = true
        probe?.cancel()
    }

    private func unblock() {
        blockedSince = nil
        metrics.ledgerBlocked.set(0)
        logger.notice("ledger written again")
    }

    private func waitForReturn() async {
        repeat {
            // Jitter keeps the workers of a fleet from asking in step.
            guard (try? await Task.sleep(for: interval * Double.random(in: 0.8...1.2))) != nil else { return }
        } while await !isWritable()
        probe = nil
        unblock()
        await consumer.resume()
        logger.notice("flow resumed")
    }

    private func isWritable() async -> Bool {
        do {
            try await ledger.checkWritable()
            return true
        } catch {
            return false
        }
    }
}
