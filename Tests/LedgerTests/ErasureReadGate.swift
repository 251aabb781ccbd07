import Glibc
import Synchronization

/// Holds a ledger's reading thread until a test lets it go.
final class ReadGate: Sendable {
    private let isOpen = Atomic(false)

    /// Blocks the thread; for a minute at most, so that a test that fails leaves no thread behind.
    func wait() {
        for _ in 0..<60_000 where !isOpen.load(ordering: .acquiring) { usleep(1_000) }
    }

    func open() { isOpen.store(true, ordering: .releasing) }
}
