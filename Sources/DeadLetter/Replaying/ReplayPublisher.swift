internal import Fleet
internal import RabbitMQ

/// Publishes copies in order, until the broker has confirmed every one.
struct ReplayPublisher: Sendable {
    let publisher: Publisher
    var patience: Duration = .seconds(30)

    /// Returns when all are confirmed but those that no broker takes: why, by their place. No answer means *unknown*: the copy
    /// is sent again, which does no harm.
    @discardableResult
    func deliver(_ messages: [OutgoingMessage]) async throws(ProgramError) -> [Int: String] {
        var waiting = Array(messages.enumerated())
        var refused: [Int: String] = [:]
        let deadline = ContinuousClock.now + patience
        while true {
            let outcomes = await publisher.publish(waiting.map(\.element), timeout: .seconds(10))
            if outcomes.allSatisfy({ $0 == .confirmed }) { return refused }
            let pairs = Array(zip(waiting, outcomes))
            for (message, outcome) in pairs { refused[message.offset] = outcome.refusal }
            let open = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
            guard let (first, reason) = open.first else { return refused }
            waiting = open.map(\.0)
            if case .returned = reason { throw Self.noQueue(first.element.routingKey) }
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
