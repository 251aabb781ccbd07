/// What became of a question.
public enum AskOutcome: Sendable {
    /// It was answered; the answer needs no settlement.
    case answered(Delivery)
    /// It reached the broker, but no queue wants it.
    case returned(code: UInt16, text: String)
    /// The broker refused it, for example because its queue is full.
    case refused
    /// It was sent, and no answer came in time.
    case unanswered
    /// It could not be sent, or the connection that its answer would have come over is gone.
    case failed(BrokerError)
}
