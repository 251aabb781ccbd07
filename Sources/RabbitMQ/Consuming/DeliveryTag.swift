import Synchronization

/// The broker's number of a delivery together with the channel it counts on. A tag of another channel means
/// nothing there, so it must never be sent on it.
public struct DeliveryTag: Sendable, Hashable {
    /// Which channel, counted from 1 within the process, so that no two consumers have the same.
    public let epoch: UInt64
    /// The number on that channel.
    public let value: UInt64

    /// A tag from its parts.
    public init(epoch: UInt64, value: UInt64) { (self.epoch, self.value) = (epoch, value) }

    private static let lastEpoch = Atomic<UInt64>(0)

    static func newEpoch() -> UInt64 { lastEpoch.wrappingAdd(1, ordering: .relaxed).newValue }
}
