/// The broker's number of a delivery together with the channel it counts on. A tag of an older channel means
/// nothing on a newer one, so it must never be sent there.
public struct DeliveryTag: Sendable, Hashable {
    /// Which channel, counted from 1 for each consumer.
    public let epoch: UInt64
    /// The number on that channel.
    public let value: UInt64

    /// A tag from its parts.
    public init(epoch: UInt64, value: UInt64) { (self.epoch, self.value) = (epoch, value) }
}
