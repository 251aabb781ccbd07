internal import Fleet
internal import RabbitMQ

/// Publishes copies in order, until the broker has confirmed every one.
struct ReplayPublisher: Sendable {
    let publisher: Publisher
    var patience: Duration = .seconds(30)

    /// Returns when all are confirmed. No answer means *unknown*: the copy is sent again, which does no harm.
    func deliver(_ messages: [OutgoingMessage]) async throws(ProgramError) {
        var waiting = messages
        let deadline = ContinuousClock.now + patience
        while true {
            let outcomes = await publisher.publish(waiting, timeout: .seconds(10))
            let pairs = Array(zip(waiting, outcomes))
            guard let (first, reason) = pairs.first(where: { $0.1 != .confirmed }) else { return }
            waiting = pairs.filter { $0.1 != .confirmed }.map(\.0)
            if case .returned = reason { throw Self.noQueue(first.routingKey) }
            if case .notSent(let error) = reason, error.recovery == .giveUp { throw ProgramError(error) }
            guard ContinuousClock.now < deadline else { throw Self.stuck(reason) }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private static func noQueue(_ flow: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unroutable", sentence: "The broker has no way back to the queue \(flow).",
            remedy: "Run `stevedore topology apply`, then replay again; nothing is lost.", exit: .configuration)
    }

    private static func stuck(_ outcome: PublishOutcome) -> ProgramError {
        ProgramError(
            code: "dead-letter.stuck", sentence: "The broker confirms no more. \(outcome.reason)",
            remedy: "Look at the broker, then run the same command again: it does the rest.", exit: .unavailable)
    }
}
