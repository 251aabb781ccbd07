/// What a queue holds, as its own process says it: exact at that moment, unlike the management plugin's numbers.
public struct QueueDepth: Hashable, Sendable {
    /// Waiting to be delivered.
    public let ready: Int
    /// Delivered and neither acknowledged nor returned.
    public let unacknowledged: Int
    /// Consumers of the queue.
    public let consumers: Int

    /// For comparing with.
    public init(ready: Int, unacknowledged: Int, consumers: Int) {
        self.ready = ready
        self.unacknowledged = unacknowledged
        self.consumers = consumers
    }

    /// Ready and unacknowledged together.
    public var messages: Int { ready + unacknowledged }
}
