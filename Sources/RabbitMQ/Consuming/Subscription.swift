import Synchronization

/// Whether deliveries are wanted, and under which tag: shared by the consumer and the thread that sets a new
/// connection up.
final class Subscription: Sendable {
    private let wanted = Atomic<Bool>(true)
    private let count = Atomic<UInt64>(0)
    private let tag: String

    init(tag: String) { self.tag = tag }

    var isWanted: Bool {
        get { wanted.load(ordering: .acquiring) }
        set { wanted.store(newValue, ordering: .releasing) }
    }

    /// A tag that was never used. A quorum queue that sees a cancelled tag again on the same channel delivers what
    /// is out under that tag a second time (seen on RabbitMQ 3.10.8).
    func newTag() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return number == 1 ? tag : "\(tag).\(number)"
    }
}
