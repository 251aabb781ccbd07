/// Why there is no answer. The one question that matters to a caller with side effects is
/// ``mayHaveBeenReceived``: only when it is false is sending again harmless.
public enum HTTPError: Error, Hashable, Sendable {
    /// The request can not be put on the wire as it is.
    case invalidRequest(String)
    /// Not a byte of the request left this machine.
    case notSent(Cause, String)
    /// Some or all of the request was sent, and no complete answer came back.
    case unknownOutcome(Cause, String)
    /// The peer answered with more than the request allows.
    case responseTooLarge(limit: Int)
    /// The calling task was cancelled, or the client closed.
    case cancelled(mayHaveBeenReceived: Bool)
    /// The client was closed before the call.
    case closed

    /// What went wrong between the two machines.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        case refused, unresolved, tls
        case timedOut = "timed-out"
        case connectionLost = "connection-lost"
        case incompleteAnswer = "incomplete-answer"
        case malformedAnswer = "malformed-answer"
        case other
    }

    /// True when the peer may have acted on the request.
    public var mayHaveBeenReceived: Bool {
        switch self {
        case .invalidRequest, .notSent, .closed: false
        case .unknownOutcome, .responseTooLarge: true
        case .cancelled(let maybe): maybe
        }
    }

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .invalidRequest: "http.invalid-request"
        case .notSent(let cause, _): "http.not-sent.\(cause.rawValue)"
        case .unknownOutcome(let cause, _): "http.unknown-outcome.\(cause.rawValue)"
        case .responseTooLarge: "http.response-too-large"
        case .cancelled: "http.cancelled"
        case .closed: "http.closed"
        }
    }

    /// What happened.
    public var sentence: String {
        switch self {
        case .invalidRequest(let why): "The request can not be sent: \(why)."
        case .notSent(_, let why): "The request was not sent: \(why)."
        case .unknownOutcome(_, let why): "The request was sent but not answered: \(why)."
        case .responseTooLarge(let limit): "The answer is longer than \(limit) bytes."
        case .cancelled: "The request was cancelled."
        case .closed: "The HTTP client is closed."
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .invalidRequest: "Correct the address or the header that is named."
        case .notSent(.tls, _): "Check the certificates on both sides and the host name in the address."
        case .notSent(.unresolved, _): "Check the host name in the address and the name servers."
        case .notSent: "Check that the service runs and that this machine can reach it."
        case .unknownOutcome: "Ask the service whether it acted on the request before sending it again."
        case .responseTooLarge: "Ask for less at a time, or raise the limit."
        case .cancelled, .closed: "Nothing to do: the program was asked to stop."
        }
    }
}
