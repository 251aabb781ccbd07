package import RabbitMQ

extension PublishOutcome {
    /// Why it is not confirmed, for the end of a sentence or a log line; empty when it is.
    package var reason: String {
        switch self {
        case .confirmed: ""
        case .returned(_, let text): "no queue wants it (\(text)); run `stevedore topology apply`."
        case .nacked: "the broker refused it; is the queue full?"
        case .unknown(let text): "whether it arrived is unknown: \(text)" + (text.hasSuffix(".") ? "" : ".")
        case .notSent(let error): error.sentence
        }
    }

    /// Why this very message can never be published; nil when another try may succeed. Such are a property that AMQP
    /// cannot carry and a body larger than the broker allows; the publisher finds out which message was at fault.
    package var refusal: String? {
        if case .notSent(.preconditionFailed(let text)) = self { text } else { nil }
    }
}
