internal import Fleet
internal import RabbitMQ

/// One message with the line it stands on.
struct NumberedMessage: Sendable {
    let line: Int
    let message: OutgoingMessage
}

/// Brings batches to the broker until each message is confirmed.
///
/// No answer means *unknown*, so the message is sent again with the same id; consumers tell copies by the revision.
struct PublishLane: Sendable {
    let publisher: Publisher
    let tally: PublishTally
    let interruption: Interruption
    /// Told of each message that the broker takes from nobody, such as one that is too large for it.
    let onRefused: @Sendable (NumberedMessage, _ reason: String) -> Void
    /// How long to go on without any confirm.
    var patience: Duration = .seconds(30)

    /// Returns when all are confirmed; throws when nothing moves any more, or a person must act.
    func deliver(_ batch: [NumberedMessage]) async throws(ProgramError) {
        var waiting = batch
        var deadline = ContinuousClock.now + patience
        while !waiting.isEmpty {
            let outcomes = await publisher.publish(waiting.map(\.message), timeout: .seconds(10))
            let pairs = Array(zip(waiting, outcomes))
            let confirmed = pairs.filter { $0.1 == .confirmed }.map(\.0.line)
            tally.confirm(confirmed)
            for (message, outcome) in pairs { if let reason = outcome.refusal { onRefused(message, reason) } }
            let open = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
            waiting = open.map(\.0)
            guard let (_, reason) = open.first else { return }
            // What a person must mend comes before what only takes time.
            for (message, outcome) in open { if let final = Self.final(outcome, message) { throw final } }
            if !confirmed.isEmpty { deadline = .now + patience }
            if Task.isCancelled || interruption.isRequested { throw .interrupted(reason.reason) }
            guard ContinuousClock.now < deadline else { throw Self.stuck(reason) }
            tally.repeats(waiting.count)
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// What trying again does not mend.
    private static func final(_ outcome: PublishOutcome, _ message: NumberedMessage) -> ProgramError? {
        switch outcome {
        case .returned(_, let text):
            ProgramError(
                code: "publish.unroutable",
                sentence:
                    "The broker has no queue for \(message.message.routingKey), of line \(message.line) (\(text)).",
                remedy: "Run `stevedore topology apply`, then go on from the line named.", exit: .configuration)
        case .notSent(let error) where error.recovery == .giveUp: refused(message, ProgramError(error))
        default: nil
        }
    }

    /// The broker's reason, and where to go on once it is mended.
    private static func refused(_ message: NumberedMessage, _ reason: ProgramError) -> ProgramError {
        ProgramError(
            code: reason.code,
            sentence: "\(message.message.routingKey), of line \(message.line), is not published: \(reason.sentence)",
            remedy: reason.remedy, exit: reason.exit)
    }

    private static func stuck(_ outcome: PublishOutcome) -> ProgramError {
        ProgramError(
            code: "publish.stuck", sentence: "The broker confirms no more. \(outcome.reason)",
            remedy: "Look at the broker, then go on from the line named.", exit: .unavailable)
    }
}

extension ProgramError {
    /// Somebody asked for the end while messages waited for their confirm.
    static func interrupted(_ reason: String) -> ProgramError {
        ProgramError(
            code: "publish.stopped",
            sentence: "Stopped before the end; what is confirmed stays published, the rest may be or not: \(reason)",
            remedy: "", exit: .failure)
    }
}
