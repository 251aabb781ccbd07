package import RabbitMQ

extension PublishOutcome {
    /// Why it is not confirmed, for the end of a sentence; empty when it is.
    package var reason: String {
        switch self {
        case .confirmed: ""
        case .returned(_, let text): "no queue wants it (\(text))."
        case .nacked: "it refuses messages; the queue may be full."
        case .unknown(let reason): "\(reason)."
        case .notSent(let error): error.sentence
        }
    }
}
