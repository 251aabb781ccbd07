internal import Logging
internal import RabbitMQ

/// Publishes until the broker confirms, for as long as a delivery may be held; cancellation ends the wait.
///
/// A time-out means *unknown*, so the same message is published again with the same id: consumers tell copies by the
/// subject's revision.
struct ConfirmedPublisher: Sendable {
    /// This very message can never be published: AMQP cannot carry it, or the broker refuses it for what it is.
    struct Unpublishable: Error {
        let reason: String
    }

    /// No confirm came for so long that the delivery behind the message must be given back.
    struct Unplaced: Error {
        let reason: String
    }

    let publisher: any MessageSink
    let metrics: FlowMetrics
    let logger: Logger
    let timeout: Duration = .seconds(10)
    /// Ends well before the broker's consumer timeout.
    var patience: Duration = .seconds(1_200)

    /// Returns once the message is confirmed.
    /// - Throws: ``Unpublishable``, ``Unplaced``, and `CancellationError` when the process shuts down first.
    func publish(_ message: OutgoingMessage) async throws {
        let deadline = ContinuousClock.now + patience
        var delay = Duration.milliseconds(100)
        var attempt = 0
        while true {
            attempt += 1
            let outcome = await publisher.publish([message], timeout: timeout).first ?? .notSent(.stopped)
            if case .confirmed = outcome { return }
            if let reason = outcome.refusal { throw Unpublishable(reason: reason) }
            report(outcome, message, attempt)
            guard .now + delay < deadline else { throw Unplaced(reason: outcome.reason) }
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .seconds(5))
        }
    }

    /// Many messages may wait for the same queue at once, so each speaks less and less often.
    private func report(_ outcome: PublishOutcome, _ message: OutgoingMessage, _ attempt: Int) {
        if case .unknown = outcome { metrics.confirmsUnknown.add() }
        guard attempt.nonzeroBitCount == 1 else { return }
        logger.warning(
            "publish again",
            metadata: [
                "exchange": "\(message.exchange)", "key": "\(message.routingKey)", "reason": "\(outcome.reason)",
                "attempt": "\(attempt)",
            ])
    }
}
