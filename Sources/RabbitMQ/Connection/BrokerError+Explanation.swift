extension BrokerError: CustomStringConvertible {
    /// A stable dotted name.
    public var code: String {
        switch self {
        case .unreachable: "broker.unreachable"
        case .loginRefused: "broker.login-refused"
        case .accessRefused: "broker.access-refused"
        case .vhostMissing: "broker.vhost-missing"
        case .tls: "broker.tls"
        case .connectionLost: "broker.connection-lost"
        case .connectionClosed: "broker.connection-closed"
        case .channelClosed: "broker.channel-closed"
        case .notFound: "broker.not-found"
        case .preconditionFailed: "broker.precondition-failed"
        case .timedOut: "broker.timed-out"
        case .invalidConfiguration: "broker.invalid-configuration"
        case .exhausted: "broker.exhausted"
        case .stopped: "broker.stopped"
        }
    }

    /// What happened, in one sentence.
    public var sentence: String {
        switch self {
        case .unreachable(let host, let reason): "The broker at \(host) cannot be reached: \(reason)."
        case .loginRefused: "The broker refused the user name, password or certificate."
        case .accessRefused(let what): "The broker refused access: \(what)."
        case .vhostMissing: "The virtual host does not exist on the broker."
        case .tls(let reason): "The secure connection to the broker failed: \(reason)."
        case .connectionLost(let reason): "The connection to the broker was lost: \(reason)."
        case .connectionClosed(let code, let text): "The broker closed the connection (\(code)): \(text)."
        case .channelClosed(406, let text): "A message was in hand for longer than the broker allows: \(text)."
        case .channelClosed(let code, let text): "The broker closed the channel (\(code)): \(text)."
        case .notFound(let what): "The broker does not know it: \(what)."
        case .preconditionFailed(let what): "The broker refused the request: \(what)."
        case .timedOut(let operation): "The broker did not answer in time: \(operation)."
        case .invalidConfiguration(let faults): "The broker settings are wrong: \(faults.joined(separator: "; "))."
        case .exhausted(let what): "This machine has no room for another connection to the broker: \(what)."
        case .stopped: "The broker connection was stopped."
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .unreachable: "Check that the broker runs and that host, port and firewall are right."
        case .loginRefused: "Check the user name and password of the broker URL, or the client certificate."
        case .accessRefused: "Give the user the missing permission on the broker, or use another user."
        case .vhostMissing: "Create the virtual host, or correct the last part of the broker URL."
        case .tls: "Check the CA file, the certificate's dates and host name, and the client certificate."
        case .connectionLost, .connectionClosed, .timedOut: "It reconnects by itself; if it lasts, look at the broker."
        case .channelClosed(406, _): "Shorten the work on one message, or raise `consumer_timeout` on the broker."
        case .channelClosed: "It recovers by itself; if it repeats, look at the broker's log."
        case .notFound: "Declare the missing queue or exchange, or correct its name."
        case .preconditionFailed: "Compare what exists on the broker with what is expected, and repair the difference."
        case .invalidConfiguration: "Correct the settings named."
        case .exhausted: "Raise the limit of open files or of tasks of this user or service, or run fewer workers here."
        case .stopped: "Start it again if that was not intended."
        }
    }

    /// What the machine does about it.
    public var recovery: Recovery {
        switch self {
        case .unreachable, .connectionLost, .connectionClosed, .timedOut: .reconnect
        case .channelClosed: .reopenChannel
        case .loginRefused, .accessRefused, .vhostMissing, .tls, .notFound, .preconditionFailed,
            .invalidConfiguration, .exhausted, .stopped:
            .giveUp
        }
    }

    /// The sentence and the remedy.
    public var description: String { "\(sentence) \(remedy)" }
}
