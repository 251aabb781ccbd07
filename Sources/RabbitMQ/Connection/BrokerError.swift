/// Everything that can go wrong between us and a broker, as a closed set.
///
/// `code` is stable and safe to store, `sentence` is for a person, `remedy` says what that person can do, and
/// `recovery` is what the machine does.
public enum BrokerError: Error, Sendable, Equatable {
    /// No TCP connection could be made, or nobody who answered speaks AMQP.
    case unreachable(host: String, reason: String)
    /// The broker refused the credentials.
    case loginRefused
    /// The user may not do this.
    case accessRefused(String)
    /// The virtual host does not exist.
    case vhostMissing
    /// The TLS handshake or a certificate is at fault.
    case tls(reason: String)
    /// The connection broke without a word.
    case connectionLost(String)
    /// The broker closed the connection.
    case connectionClosed(code: UInt16, String)
    /// The broker closed the channel.
    case channelClosed(code: UInt16, String)
    /// A queue or exchange does not exist.
    case notFound(String)
    /// The request contradicts what is there, for example a queue with other arguments.
    case preconditionFailed(String)
    /// The deadline of an operation passed.
    case timedOut(operation: String)
    /// The settings are wrong; every fault is listed.
    case invalidConfiguration([String])
    /// The operating system has no thread or descriptor left for a connection.
    case exhausted(String)
    /// It was stopped on purpose.
    case stopped

    /// What to do about an error.
    public enum Recovery: Sendable, Equatable {
        /// Connect again.
        case reconnect
        /// A new channel on the same connection is enough.
        case reopenChannel
        /// Trying again does not help until a person changes something.
        case giveUp
    }
}
