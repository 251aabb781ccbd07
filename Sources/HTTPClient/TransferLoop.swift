internal import CCurl
import Glibc
import Synchronization

/// The thread of one client: it alone touches libcurl's handles, asleep in `curl_multi_poll` when there is nothing to do.
///
/// Tasks reach it through `inbox` and libcurl's wake-up, the one multi call that libcurl allows from other threads.
final class TransferLoop: Sendable {
    private struct Inbox {
        var commands: [TransferCommand] = []
        var isStopped = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
        /// Cleared by the thread before it frees the handle, so that a wake-up never touches a freed one.
        var wakeable: MultiHandle?
    }

    private let inbox: Mutex<Inbox>

    private init(_ multi: MultiHandle) {
        inbox = Mutex(Inbox(wakeable: multi))
    }

    static func start(_ configuration: HTTPClient.Configuration) throws(HTTPError) -> TransferLoop {
        guard LibraryStart.succeeded, let multi = MultiHandle(configuration) else {
            throw .notSent(.other, "libcurl could not be started")
        }
        let loop = TransferLoop(multi)
        let argument = Unmanaged.passRetained(ThreadArgument(loop: loop, multi: multi, configuration: configuration))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, transferThread, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            multi.free()
            throw .notSent(.other, "no thread could be started: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
        return loop
    }

    /// Hands a command to the thread; after `stop` a start ends at once.
    func submit(_ command: TransferCommand) {
        let isStopped = inbox.withLock { inbox in
            guard !inbox.isStopped else { return true }
            inbox.commands.append(command)
            inbox.wakeable?.wake()
            return false
        }
        if isStopped, case .start(_, _, let continuation) = command {
            continuation.resume(returning: .failure(.closed))
        }
    }

    /// Asks the thread to end; the waiter resumes when it has.
    func stop(_ waiter: CheckedContinuation<Void, Never>? = nil) {
        let isFinished = inbox.withLock { inbox in
            inbox.isStopped = true
            inbox.wakeable?.wake()
            if let waiter, !inbox.isFinished { inbox.stopWaiters.append(waiter) }
            return inbox.isFinished
        }
        if isFinished { waiter?.resume() }
    }

    /// The thread's whole life.
    fileprivate func run(_ multi: MultiHandle, _ configuration: HTTPClient.Configuration) {
        let table = TransferTable(multi: multi, configuration: configuration)
        while true {
            let (commands, isStopped) = takeCommands()
            for command in commands { table.handle(command) }
            if isStopped { break }
            table.perform()
            multi.sleep(milliseconds: 1_000)
        }
        table.cancelAll()
        inbox.withLock { $0.wakeable = nil }
        multi.free()
        finish()
    }

    private func takeCommands() -> ([TransferCommand], isStopped: Bool) {
        inbox.withLock { inbox in
            defer { inbox.commands.removeAll(keepingCapacity: true) }
            return (inbox.commands, inbox.isStopped)
        }
    }

    private func finish() {
        let waiters = inbox.withLock { inbox in
            inbox.isFinished = true
            defer { inbox.stopWaiters = [] }
            return inbox.stopWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// What the new thread is born with.
private final class ThreadArgument {
    let loop: TransferLoop
    let multi: MultiHandle
    let configuration: HTTPClient.Configuration

    init(loop: TransferLoop, multi: MultiHandle, configuration: HTTPClient.Configuration) {
        self.loop = loop
        self.multi = multi
        self.configuration = configuration
    }
}

private func transferThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadArgument>.fromOpaque(argument).takeRetainedValue()
    start.loop.run(start.multi, start.configuration)
    return nil
}

/// `curl_global_init`, once for the process.
private enum LibraryStart {
    static let succeeded = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
