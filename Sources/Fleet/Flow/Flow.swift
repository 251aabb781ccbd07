/// One queue and what is done with its messages.
public struct Flow: Sendable {
    /// The queue's name, which is also the flow's name.
    public let queue: String
    /// How its messages are handled.
    public let handling: Handling

    /// The two kinds of handling.
    public enum Handling: Sendable {
        /// Many messages in one ledger transaction.
        case projections([any ProjectionHandler])
        /// One call of another system per message; `reachability` tells an outage from a single failure.
        case calls([any CallHandler], reachability: any Reachability)
    }

    /// Creates a flow.
    public init(queue: String, handling: Handling) {
        self.queue = queue
        self.handling = handling
    }
}

/// Asks the called system whether it is there, by a call that has no effect.
public protocol Reachability: Sendable {
    /// Its name in logs, for example `erp`.
    var name: String { get }
    /// Whether it answers now, and why not. Returns within its own time limit.
    func reach() async -> Reach
}

/// Whether a called system is there.
public enum Reach: Hashable, Sendable {
    /// It answers.
    case reachable
    /// It does not, for this reason: what a person reads while the flow is paused.
    case unreachable(Failure)
}

extension Reachability {
    /// Whether it answers now.
    public func isReachable() async -> Bool { await reach() == .reachable }
}
