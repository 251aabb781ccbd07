internal import CCurl
import Glibc

/// Ends the sleep of a thread from any other: an eventfd that the thread watches along with its sockets.
struct WakeUp: Sendable {
    let descriptor: CInt

    /// Nil when the system has no descriptor to spare.
    init?() {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { return nil }
    }

    /// Thread-safe; wakes before the next sleep count as one.
    func wake() {
        eventfd_write(descriptor, 1)
    }

    /// Forgets the wakes so far.
    func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }

    /// Gives the descriptor back. Nobody may wake after that: another file may have its number.
    func close() {
        Glibc.close(descriptor)
    }
}
