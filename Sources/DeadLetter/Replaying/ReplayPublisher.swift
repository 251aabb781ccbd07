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
        var (waiting, places) = (messages, Array(messages.indices))
        var refused: [Int: String] = [:]
        let deadline = ContinuousClock.now + patience
        while true {
            let outcomes = await publisher.publish(waiting, timeout: .seconds(10))
            if outcomes.allSatisfy({ $0 == .confirmed }) { return refused }
            for (place, outcome) in zip(places, outcomes) { refused[place] = outcome.refusal }
            let open = outcomes.indices.filter { outcomes[$0] != .confirmed && outcomes[$0].refusal == nil }
            guard let first = open.first else { return refused }
            let reason = outcomes[first]
            if case .returned = reason { throw Self.noQueue(waiting[first].routingKey) }
            (waiting, places) = (open.map { waiting[$0] }, open.map { places[$0] })
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
