import Synchronization

/// Whether deliveries are wanted: read by the thread that sets a new connection up, written by the consumer.
final class Subscription: Sendable {
    private let wanted = Atomic<Bool>(true)

    var isWanted: Bool {
        get { wanted.load(ordering: .acquiring) }
        set { wanted.store(newValue, ordering: .releasing) }
    }
}
