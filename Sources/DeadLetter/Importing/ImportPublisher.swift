internal import Fleet
internal import RabbitMQ

/// A letter of the file and the line on which it stands.
struct NumberedLetter: Sendable {
    let line: Int
    let letter: Letter
}

/// Brings letters into their queues, in order, until the broker has confirmed every one that it takes.
struct ImportPublisher: Sendable {
    let publisher: Publisher
    let user: String?
    var patience: Duration = .seconds(30)

    /// Returns those that the broker takes from nobody, each with the reason; all others are confirmed. No answer means
    /// *unknown*: then a letter is sent again, and may lie in its queue twice.
    func deliver(_ letters: [NumberedLetter]) async throws(ProgramError) -> [(letter: NumberedLetter, reason: String)] {
        var waiting = letters
        var refused: [(letter: NumberedLetter, reason: String)] = []
        let deadline = ContinuousClock.now + patience
        while true {
            let messages = waiting.map { OutgoingMessage(importing: $0.letter, user: user) }
            let pairs = Array(zip(waiting, await publisher.publish(messages, timeout: .seconds(10))))
            for (letter, outcome) in pairs { if let reason = outcome.refusal { refused.append((letter, reason)) } }
            let open = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
            guard let (first, outcome) = open.first else { return refused }
            waiting = open.map { $0.0 }
            if case .returned = outcome { throw Self.noQueue(first.letter.source.queue) }
            if case .notSent(let error) = outcome, error.recovery == .giveUp { throw ProgramError(error) }
            guard ContinuousClock.now < deadline else { throw Self.stuck(outcome) }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private static func noQueue(_ queue: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-queue", sentence: "The broker has no way into the queue \(queue).",
            remedy: "Run `stevedore topology apply`, then the same command again: it does the rest.",
            exit: .configuration)
    }

    private static func stuck(_ outcome: PublishOutcome) -> ProgramError {
        ProgramError(
            code: "dead-letter.stuck", sentence: "The broker confirms no more. \(outcome.reason)",
            remedy: "Look at the broker, then run the same command again: it does the rest.", exit: .unavailable)
    }
}
