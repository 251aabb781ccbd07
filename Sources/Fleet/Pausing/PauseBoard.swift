internal import Ledger
internal import Models
internal import Synchronization

/// Where one flow of this process says that it is paused and why: for its health page, its gauge, and every other process.
final class PauseBoard: Sendable {
    private let current = Mutex<FlowPause?>(nil)
    private let queue: String
    private let holder: String
    private let ledger: Ledger
    private let metrics: FlowMetrics

    init(queue: String, holder: String, ledger: Ledger, metrics: FlowMetrics) {
        self.queue = queue
        self.holder = holder
        self.ledger = ledger
        self.metrics = metrics
    }

    /// The pause, while there is one.
    var pause: FlowPause? { current.withLock { $0 } }

    /// The flow is paused, or its reason has changed. True when that is news.
    func set(_ failure: Failure) -> Bool {
        let isNews = current.withLock { current in
            let isNews = current?.code != failure.code || current?.reason != failure.sentence
            current = FlowPause(
                queue: queue, holder: holder, since: current?.since ?? Timestamp.now().microseconds,
                code: failure.code, reason: failure.sentence, remedy: failure.remedy)
            return isNews
        }
        metrics.paused.set(1)
        return isNews
    }

    /// Writes the pause where other processes see it. A ledger that cannot be written is asked again at the next chance.
    func publish() async {
        guard let pause else { return }
        try? await ledger.write { try $0.record(pause, now: Timestamp.now().microseconds) }
    }

    /// The flow goes on.
    func clear() async {
        let was = current.withLock { current in
            defer { current = nil }
            return current
        }
        metrics.paused.set(0)
        guard let was else { return }
        try? await ledger.write { try $0.endPause(queue: was.queue, holder: was.holder) }
    }
}
