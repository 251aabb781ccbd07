internal import CCurl
import Glibc
import Synchronization

/// The thread of one client: it alone touches libcurl's handles, asleep in `epoll_wait` when there is nothing to do.
///
/// Tasks reach it through `inbox` and the wake-up.
final class TransferLoop: Sendable {
    private struct Inbox {
        var commands: [TransferCommand] = []
        var isStopped = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
        /// Cleared by the thread before it closes the descriptor, so that a wake-up never writes to another file.
        var wakeUp: WakeUp?
    }

    private let inbox: Mutex<Inbox>

    private init(_ wakeUp: WakeUp) {
        inbox = Mutex(Inbox(wakeUp: wakeUp))
    }

    static func start(_ configuration: HTTPClient.Configuration) throws(HTTPError) -> TransferLoop {
        guard LibraryStart.succeeded, let multi = MultiHandle(configuration) else {
            throw .notSent(.other, "libcurl could not be started")
        }
        guard let sockets = SocketSet(multi.pointer, wakeUp: multi.wakeUp) else {
            multi.free()
            throw .notSent(.other, "the system has no descriptor for another client")
        }
        let loop = TransferLoop(multi.wakeUp)
        let argument = Unmanaged.passRetained(
            ThreadArgument(loop: loop, multi: multi, sockets: sockets, configuration: configuration))
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
            inbox.wakeUp?.wake()
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
            inbox.wakeUp?.wake()
            if let waiter, !inbox.isFinished { inbox.stopWaiters.append(waiter) }
            return inbox.isFinished
        }
        if isFinished { waiter?.resume() }
    }

    /// The thread's whole life.
    fileprivate func run(_ multi: MultiHandle, _ sockets: SocketSet, _ configuration: HTTPClient.Configuration) {
        let table = TransferTable(multi: multi, configuration: configuration)
        while true {
            let (commands, isStopped) = takeCommands()
            for command in commands { table.handle(command) }
            if isStopped { break }
            sockets.wait()
            table.endComplete()
        }
        table.cancelAll()
        inbox.withLock { $0.wakeUp = nil }
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
    let sockets: SocketSet
    let configuration: HTTPClient.Configuration

    init(
        loop: TransferLoop, multi: MultiHandle, sockets: SocketSet, configuration: HTTPClient.Configuration
    ) {
        self.loop = loop
        self.multi = multi
        self.sockets = sockets
        self.configuration = configuration
    }
}

private func transferThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadArgument>.fromOpaque(argument).takeRetainedValue()
    start.loop.run(start.multi, start.sockets, start.configuration)
    return nil
}

/// `curl_global_init`, once for the process.
private enum LibraryStart {
    static let succeeded = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
