/// A question that somebody waits with: told what became of it once, and only once. Used on the connection's thread.
final class OpenQuestion {
    let id: String
    let message: OutgoingMessage
    let deadline: ContinuousClock.Instant
    /// Whether it has gone out over the connection that there is.
    var isSent = false
    private var continuation: CheckedContinuation<AskOutcome, Never>?

    init(
        id: String, message: OutgoingMessage, deadline: ContinuousClock.Instant,
        continuation: CheckedContinuation<AskOutcome, Never>
    ) {
        self.id = id
        self.message = message
        self.deadline = deadline
        self.continuation = continuation
    }

    /// Whether it is known already what became of it.
    var isOver: Bool { continuation == nil }

    func end(_ outcome: AskOutcome) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// As it goes out: who is asked hands the answer to this channel, and lets a question be that nobody waits with any
    /// more.
    func wire(at now: ContinuousClock.Instant) throws(BrokerError) -> EncodedMessage {
        var message = message
        message.properties.correlationID = id
        message.properties.replyTo = AMQPHandle.directReplies
        let left: Double = now.duration(to: deadline) / .milliseconds(1)
        message.properties.expiration = String(Int64(max(left, 1)))
        return try EncodedMessage(message)
    }
}
