/// What a connection has to tell while it works; called on the connection's thread, so be brief.
public enum BrokerEvent: Sendable, Equatable {
    /// Connected and set up.
    case connected(server: ServerVersion, host: String)
    /// Not connected; the next attempt follows after `retryIn`.
    case lost(BrokerError, retryIn: Duration)
    /// The broker raised an alarm and takes no messages.
    case blocked(reason: String)
    /// The alarm is over.
    case unblocked
    /// The broker cancelled the consumer, usually because the queue is gone; it subscribes again by itself.
    case consumerCancelled
    /// The broker closed the channel; a new one is open.
    case channelReopened(after: BrokerError)
    /// The broker refused all messages to a place for a while; a new channel is open, which may find what the old one did not.
    case channelRenewed
    /// A message larger than the consumer keeps was refused unread; the queue's dead-letter target has it unchanged.
    case refusedOversized(size: UInt64, limit: Int)
    /// The first connection failed for a reason that only a person can mend.
    case gaveUp(BrokerError)
}
