internal import Fleet
internal import Logging
internal import Models
internal import RabbitMQ
internal import Synchronization

/// Sends answers to the queues that their questions name, each within its asker's time. One that the broker does not take
/// keeps no other one waiting.
final class Replies: Sendable {
    /// What became of a reply.
    enum Outcome: Hashable, Sendable {
        case sent
        /// Nobody would have waited for it.
        case late
        /// The queue is gone.
        case gone
        case unsent
    }

    /// Publishes one message, within a time.
    typealias Publishing = @Sendable (OutgoingMessage, Duration) async -> PublishOutcome

    private let publish: Publishing
    private let logger: Logger
    /// The same trouble is said once a minute.
    private let saidAt = Mutex<ContinuousClock.Instant?>(nil)
    /// The queue of who waits over the connection that asks. The broker calls an answer to it undeliverable whether or not it
    /// is delivered.
    private static let direct = "amq.rabbitmq.reply-to."

    init(logger: Logger, publish: @escaping Publishing) {
        self.publish = publish
        self.logger = logger
    }

    /// Sends an answer.
    func send(_ answer: QuoteAnswer, to question: Question) async -> Outcome {
        let trace = try? question.content.get().envelope
        let envelope = Envelope(
            for: answer, as: Catalogue.quoteAnswered, source: FleetTopology.source, time: .now(),
            traceParent: trace?.traceParent, traceState: trace?.traceState)
        var headers: FieldTable = [
            "cloudEvents_subject": .string(envelope.subject), "cloudEvents_revision": .int64(envelope.revision),
        ]
        if let traceParent = envelope.traceParent { headers["traceparent"] = .string(traceParent) }
        if let traceState = envelope.traceState { headers["tracestate"] = .string(traceState) }
        let properties = MessageProperties(
            contentType: IncomingMessage.structured, headers: headers, messageID: envelope.id,
            timestamp: UInt64(clamping: envelope.time.microseconds / 1_000_000), type: envelope.type)
        return await send(MessageWriter().write(envelope, answer), properties, to: question)
    }

    /// Says what is wrong with a question.
    func send(_ problem: QuestionProblem, to question: Question) async -> Outcome {
        let properties = MessageProperties(
            contentType: QuestionProblem.contentType, messageID: MessageID.next(),
            timestamp: UInt64(clamping: Timestamp.now().microseconds / 1_000_000))
        return await send(problem.body, properties, to: question)
    }

    private func send(_ body: [UInt8], _ properties: MessageProperties, to question: Question) async -> Outcome {
        let left = question.deadline - .now
        guard left > .zero, let queue = question.replyTo else { return .late }
        var properties = properties
        // Not worth a disk, and worth nothing once its asker is gone.
        properties.deliveryMode = 1
        properties.expiration = String(max(left.microseconds / 1_000, 1))
        properties.correlationID = question.correlationID
        properties.appID = FleetTopology.source
        let message = OutgoingMessage(exchange: "", routingKey: queue, properties: properties, body: body)
        return outcome(await publish(message, until: question.deadline), queue)
    }

    /// One that may have been lost with its connection is sent again: an asker takes the first of two answers.
    private func publish(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) async -> PublishOutcome {
        var outcome = await publish(message, deadline - .now)
        for _ in 0..<2 {
            guard case .unknown = outcome, deadline > .now else { break }
            outcome = await publish(message, deadline - .now)
        }
        return outcome
    }

    private func outcome(_ outcome: PublishOutcome, _ queue: String) -> Outcome {
        switch outcome {
        case .confirmed: return .sent
        case .returned: return queue.hasPrefix(Self.direct) ? .sent : .gone
        case .nacked, .unknown, .notSent:
            if isNews { logger.warning("answers not taken", metadata: ["reason": "\(outcome.reason)"]) }
            return .unsent
        }
    }

    private var isNews: Bool {
        saidAt.withLock { saidAt in
            if let said = saidAt, ContinuousClock.now - said < .seconds(60) { return false }
            saidAt = .now
            return true
        }
    }
}
