internal import Models

/// The names and the shape of everything the fleet has on the broker, derived from the message catalogue.
public enum FleetTopology {
    /// Every message enters here; the routing key is the message type.
    public static let exchange = Catalogue.exchange
    /// Takes what no queue wants, so that nothing is dropped.
    public static let unroutedExchange = "commerce.unrouted"
    /// The queue behind ``unroutedExchange``.
    public static let unroutedQueue = "unrouted"
    /// Workers put retry copies here; the routing key is the retry queue's name.
    public static let retryExchange = "commerce.retry"
    /// Workers put dead letters here; the routing key is the dead-letter queue's name.
    public static let deadExchange = "commerce.dead"
    /// The way back into a flow queue, from a retry tier or a replay; the routing key is the flow queue's name.
    public static let requeueExchange = "commerce.requeue"
    /// Returns of one message after which the broker gives up on it: a fuse against crash loops, far above ours.
    public static let deliveryLimit = 20

    /// The `source` of messages that the fleet itself makes.
    public static let source = "urn:stevedore:fleet"

    /// The flow queues.
    public static let flows: [String] = Catalogue.queues

    /// The queues of questions. They are no flows: what waits there is gone when its asker is, so nothing of it is tried
    /// again, becomes a dead letter, or counts as a backlog.
    public static let questionQueues: [String] = Catalogue.questionQueues
    /// Nobody waits longer for an answer. A question with less patience says so itself, by its `expiration`.
    public static let questionPatience = Duration.seconds(60)
    /// How many questions may wait; beyond, the broker refuses one at once, and its asker knows.
    public static let mostQuestions: Int64 = 10_000

    /// The message types that are routed to a flow queue, or to a queue of questions.
    public static func types(of flow: String) -> [String] {
        Catalogue.types.filter { $0.queues.contains(flow) }.map(\.name)
    }

    /// Whether a flow only looks on: each of its messages has another queue where it is handled, and where what is wrong
    /// with it is said.
    public static func isObserver(_ flow: String) -> Bool {
        Catalogue.types.allSatisfy { $0.queue != flow }
    }

    /// The retry queue of a flow.
    public static func retryQueue(_ flow: String, _ tier: RetryTier) -> String { "\(flow).retry.\(tier.rawValue)" }

    /// The dead-letter queue of a flow.
    public static func deadQueue(_ flow: String) -> String { "\(flow).dead" }

    /// The flow whose dead letters are in `queue`; nil when it is no dead-letter queue.
    public static func flow(ofDeadQueue queue: String) -> String? {
        queue.hasSuffix(".dead") ? String(queue.dropLast(5)) : nil
    }
}
