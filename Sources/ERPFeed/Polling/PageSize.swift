internal import Synchronization

/// How many changes of a stream are asked for at once. An answer has a bound in bytes as well: where rows are long, fewer are
/// asked for until it fits, and then little by little more again.
final class PageSize: Sendable {
    private let most: Int
    private let current: Mutex<Int>

    init(_ most: Int) {
        self.most = most
        current = Mutex(most)
    }

    var now: Int { current.withLock { $0 } }

    /// The answer was too long. False when there is no smaller page.
    func shrink() -> Bool {
        current.withLock { size in
            defer { size = max(1, size / 2) }
            return size > 1
        }
    }

    /// A page was read.
    func grow() { current.withLock { $0 = min(most, $0 + max(1, most / 50)) } }
}
