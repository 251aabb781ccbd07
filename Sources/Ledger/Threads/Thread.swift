internal import Glibc

/// Starts a thread of the operating system, which ends when `body` returns. SQLite blocks on disk and locks, which must
/// never happen on the few threads that all tasks share.
func startThread(for purpose: String, _ body: sending @escaping () -> Void) throws(LedgerError) {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)
    let context = Unmanaged.passRetained(ThreadStart(body: body))
    let status = pthread_create(
        &thread, &attributes,
        { context in
            guard let context else { return nil }
            Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body()
            return nil
        }, context.toOpaque())
    guard status != 0 else { return }
    context.release()
    throw .cannotOpen(path: purpose, reason: "no thread could be started: \(systemMessage(status))")
}

private final class ThreadStart {
    let body: () -> Void

    init(body: @escaping () -> Void) {
        self.body = body
    }
}
