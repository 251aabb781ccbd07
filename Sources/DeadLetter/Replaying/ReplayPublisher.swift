internal import Fleet
internal import RabbitMQ

/// Publishes copies in order, until the broker has confirmed every one.
struct ReplayPublisher: Sendable {
    let publisher: Publisher
    var patience: Duration = .seconds(30)

    /// What has become of copies that were to be published.
    struct Delivery: Sendable {
        /// Those that no broker takes: why, by their place.
        var refused: [Int: String] = [:]
        /// Whether any were published once more.
        var isRepeated = false
    }

    /// Returns when all are confirmed but those that no broker takes. No answer means *unknown*: the copy is sent again, which
    /// does no harm.
    ///
    /// What is sent again goes behind what came before it in its batch, and in all batches before: those repeat first.
    @discardableResult
    func deliver(_ messages: [OutgoingMessage], _ turn: SendTurn = .alone) async throws(ProgramError) -> Delivery {
        var (waiting, places) = (messages, Array(messages.indices))
        var deadline = ContinuousClock.now + patience
        var outcomes = await publisher.publish(waiting, timeout: .seconds(10), onQueued: turn.handOver)
        var delivery = Delivery(isRepeated: try await turn.isOvertaking())
        if delivery.isRepeated {
            deadline = .now + patience
            outcomes = await publisher.publish(waiting, timeout: .seconds(10))
        }
        while true {
            if outcomes.allSatisfy({ $0 == .confirmed }) { return delivery }
            for (place, outcome) in zip(places, outcomes) { delivery.refused[place] = outcome.refusal }
            let open = outcomes.indices.filter { outcomes[$0] != .confirmed && outcomes[$0].refusal == nil }
            guard let first = open.first else { return delivery }
            try expectMendable(outcomes[first], waiting[first], until: deadline)
            (waiting, places) = (open.map { waiting[$0] }, open.map { places[$0] })
            try? await Task.sleep(for: .milliseconds(250))
            delivery.isRepeated = true
            outcomes = await publisher.publish(waiting, timeout: .seconds(10))
        }
    }

    private func expectMendable(
        _ outcome: PublishOutcome, _ message: OutgoingMessage, until deadline: ContinuousClock.Instant
    ) throws(ProgramError) {
        if case .returned = outcome { throw Self.noQueue(message.routingKey) }
        if case .notSent(let error) = outcome, error.recovery == .giveUp { throw ProgramError(error) }
        guard ContinuousClock.now < deadline else { throw Self.stuck(outcome) }
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
