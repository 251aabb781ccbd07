/// Why a mail was not taken. The one question that matters is ``mayHaveBeenSent``: when it is true, sending the mail
/// again may show it twice, and the same Message-ID is what tells a reader that it is one.
public enum MailError: Error, Hashable, Sendable {
    /// The settings of the server can not be used.
    case invalidServer(String)
    /// 5xx: the server will not take this mail for this recipient.
    case refused(code: Int, String)
    /// 4xx: not now.
    case tryLater(code: Int, String)
    /// The server has not got the mail, and the mail is not the reason.
    case notSent(Cause, String)
    /// All of the mail was sent, and no answer came back.
    case unknownOutcome(String)
    /// The calling task was cancelled, or the client closed.
    case cancelled(mayHaveBeenSent: Bool)
    /// The client was closed before the call.
    case closed

    /// What went wrong between the two machines.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        case unresolved, tls, other
        case connectionRefused = "connection-refused"
        case connectionLost = "connection-lost"
        case timedOut = "timed-out"
        case serverRefused = "server-refused"
        case loginRefused = "login-refused"
        case senderRefused = "sender-refused"
        case starttlsNotOffered = "starttls-not-offered"
    }

    /// True when a recipient may have got the mail.
    public var mayHaveBeenSent: Bool {
        switch self {
        case .unknownOutcome: true
        case .cancelled(let maybe): maybe
        case .invalidServer, .refused, .tryLater, .notSent, .closed: false
        }
    }

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .invalidServer: "mail.invalid-server"
        case .refused: "mail.refused"
        case .tryLater: "mail.try-later"
        case .notSent(let cause, _): "mail.not-sent.\(cause.rawValue)"
        case .unknownOutcome: "mail.unknown-outcome"
        case .cancelled: "mail.cancelled"
        case .closed: "mail.closed"
        }
    }

    /// What happened.
    public var sentence: String {
        switch self {
        case .invalidServer(let why): "The settings of the mail server can not be used: \(why)."
        case .refused(let code, let text): "The mail server refused the mail: \(Self.said(code, text))"
        case .tryLater(let code, let text): "The mail server does not take the mail now: \(Self.said(code, text))"
        case .notSent(_, let why): "The mail was not sent: \(why)."
        case .unknownOutcome(let why): "The mail was sent, but the mail server did not say that it has it: \(why)."
        case .cancelled: "The mail was cancelled."
        case .closed: "The mail client is closed."
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .invalidServer: "Correct the setting that is named."
        case .refused: "Check the recipient's and the sender's address; the rest is the mail server's operator to say."
        case .tryLater: "Nothing to do, unless it lasts: then ask the mail server's operator."
        case .notSent(let cause, _): Self.remedy(for: cause)
        case .unknownOutcome: "Look whether the mail arrived before it is sent again by hand."
        case .cancelled, .closed: "Nothing to do: the program was asked to stop."
        }
    }

    private static func remedy(for cause: Cause) -> String {
        switch cause {
        case .unresolved: "Check the host name of the mail server and the name servers."
        case .tls: "Check the mail server's certificate, the host name in the URL and the file of authorities."
        case .serverRefused: "Ask the mail server's operator to let this machine send mail."
        case .loginRefused: "Check the user and the password for the mail server."
        case .senderRefused: "Check the sender's address, and whether the user may send under it."
        case .starttlsNotOffered: "Use smtps:// if the server has it; without TLS only if the network is to be trusted."
        case .connectionRefused, .connectionLost, .timedOut, .other:
            "Check that the mail server runs and that this machine can reach it."
        }
    }

    private static func said(_ code: Int, _ text: String) -> String {
        text.isEmpty ? "\(code)." : "\(code) \(text)"
    }
}
