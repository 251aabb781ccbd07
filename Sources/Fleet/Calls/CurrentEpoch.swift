internal import RabbitMQ
internal import Synchronization

/// The newest channel that deliveries came on. What came on an older one is delivered again, so no more work is done for
/// it.
final class CurrentEpoch: Sendable {
    private let newest = Atomic<UInt64>(0)

    /// Notes a delivery's channel; true when it is a newer one.
    func advance(to epoch: UInt64) -> Bool {
        epoch > newest.max(epoch, ordering: .relaxed).oldValue
    }

    /// The newest; 0 before any delivery.
    var current: UInt64 { newest.load(ordering: .relaxed) }

    /// Whether the delivery can no longer be settled.
    func isStale(_ intake: Intake) -> Bool {
        intake.delivery.tag.epoch < newest.load(ordering: .relaxed)
    }
}
