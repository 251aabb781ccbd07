/// What became of a published message.
public enum PublishOutcome: Sendable, Equatable {
    /// The broker has it, safely.
    case confirmed
    /// It reached the broker, but no queue wants it.
    case returned(code: UInt16, text: String)
    /// The broker refused it, for example because the queue is full.
    case nacked
    /// It was sent, but no answer came: publish it again under the same id.
    case unknown(reason: String)
    /// It did not reach a queue.
    case notSent(BrokerError)
}
