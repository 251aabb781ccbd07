/// One call of `publish` that awaits the outcomes of its messages. Used on the publisher's thread only.
final class PublishCall {
    private enum Stage { case queued, sent, known(PublishOutcome) }

    let begin = ContinuousClock.now
    let deadline: ContinuousClock.Instant
    private var stages: [Stage]
    private(set) var remaining: Int
    private(set) var isFinished = false
    private let continuation: CheckedContinuation<[PublishOutcome], Never>

    init(count: Int, timeout: Duration, continuation: CheckedContinuation<[PublishOutcome], Never>) {
        stages = Array(repeating: .queued, count: count)
        remaining = count
        deadline = begin.advanced(by: timeout)
        self.continuation = continuation
    }

    func sent(_ index: Int) { stages[index] = .sent }

    /// The message goes back to the queue: the broker has certainly not taken it.
    func unsent(_ index: Int) { stages[index] = .queued }

    func resolve(_ index: Int, _ outcome: PublishOutcome) {
        if isFinished { return }
        if case .known = stages[index] { return }
        stages[index] = .known(outcome)
        remaining -= 1
    }

    /// Answers the caller; what is not known is decided by whether it was sent.
    func finish(unsent error: BrokerError, unanswered reason: String) {
        isFinished = true
        continuation.resume(
            returning: stages.map { stage in
                switch stage {
                case .queued: .notSent(error)
                case .sent: .unknown(reason: reason)
                case .known(let outcome): outcome
                }
            })
    }
}
