internal import Logging
internal import RabbitMQ

/// Publishes until the broker confirms, however long that takes; only cancellation ends the wait.
///
/// A time-out means *unknown*, so the same message is published again with the same id: consumers tell copies by the
/// subject's revision.
struct ConfirmedPublisher: Sendable {
    let publisher: any MessageSink
    let metrics: FlowMetrics
    let logger: Logger
    let timeout: Duration = .seconds(10)

    /// Returns once the message is confirmed.
    /// - Throws: `CancellationError` when the process shuts down first.
    func publish(_ message: OutgoingMessage) async throws {
        var delay = Duration.milliseconds(100)
        while true {
            let outcome = await publisher.publish([message], timeout: timeout).first ?? .notSent(.stopped)
            if case .confirmed = outcome { return }
            report(outcome, message)
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .seconds(5))
        }
    }

    private func report(_ outcome: PublishOutcome, _ message: OutgoingMessage) {
        let reason: String
        switch outcome {
        case .confirmed: return
        case .returned(_, let text): reason = "the broker has no queue for it (\(text)); run `stevedore topology apply`"
        case .nacked: reason = "the broker refused it; is the queue full?"
        case .unknown(let text):
            metrics.confirmsUnknown.add()
            reason = "no confirm came: \(text)"
        case .notSent(let error): reason = error.sentence
        }
        logger.warning(
            "publish again",
            metadata: ["exchange": "\(message.exchange)", "key": "\(message.routingKey)", "reason": "\(reason)"])
    }
}
