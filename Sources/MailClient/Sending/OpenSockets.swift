import Glibc
import Synchronization

/// The sockets that libcurl has open for one client. Any thread may cut them: whatever waits on one wakes up at once.
///
/// A number is closed under the lock that cutting takes as well, so it cannot have become another file's.
final class OpenSockets: Sendable {
    private let descriptors = Mutex<Set<CInt>>([])

    func add(_ descriptor: CInt) {
        descriptors.withLock { _ = $0.insert(descriptor) }
    }

    func close(_ descriptor: CInt) -> CInt {
        descriptors.withLock { descriptors in
            descriptors.remove(descriptor)
            return Glibc.close(descriptor)
        }
    }

    /// Ends every connection, in both directions; libcurl closes them when it finds out.
    func cut() {
        descriptors.withLock { descriptors in
            for descriptor in descriptors { _ = shutdown(descriptor, CInt(SHUT_RDWR)) }
        }
    }
}
