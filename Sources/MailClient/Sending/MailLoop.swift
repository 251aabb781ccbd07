internal import CCurl
import Glibc
import Synchronization

/// The thread of one client: it alone touches libcurl's handle, and waits there for the mail server.
///
/// Tasks reach it through `inbox` and the wake-up, an eventfd.
final class MailLoop: Sendable {
    private struct Inbox {
        var jobs: [MailJob] = []
        /// The job that the thread has in hand.
        var current: MailTicket?
        /// The thread says farewell to a server; it must not be waited for when there is something to do.
        var isLeaving = false
        var isStopped = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
        /// Cleared by the thread before it closes the descriptor, so that a wake-up never writes to another file.
        var wakeUp: CInt?
    }

    private enum Step {
        case send(MailJob)
        case wait
        case end
    }

    private let server: MailServer
    private let sockets = OpenSockets()
    private let inbox: Mutex<Inbox>

    private init(_ server: MailServer, _ wakeUp: CInt) {
        self.server = server
        inbox = Mutex(Inbox(wakeUp: wakeUp))
    }

    static func start(_ server: MailServer) throws(MailError) -> MailLoop {
        guard LibraryStart.succeeded else { throw .notSent(.other, "libcurl could not be started") }
        let wakeUp = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard wakeUp >= 0 else { throw .notSent(.other, "the system has no descriptor for another client") }
        let loop = MailLoop(server, wakeUp)
        let argument = Unmanaged.passRetained(loop)
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, mailThread, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            close(wakeUp)
            throw .notSent(.other, "no thread could be started: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
        return loop
    }

    /// Hands a job to the thread; a cancelled one and one after `stop` end at once.
    func submit(_ job: MailJob) {
        let error: MailError? = inbox.withLock { inbox in
            if inbox.isStopped { return .closed }
            if job.ticket.isCancelled { return .cancelled(mayHaveBeenSent: false) }
            inbox.jobs.append(job)
            wake(inbox)
            return nil
        }
        if let error { job.end(.failure(error)) }
    }

    /// Ends a waiting job at once, and wakes the thread out of the one that it has in hand.
    func cancel(_ ticket: MailTicket) {
        ticket.cancel()
        let job: MailJob? = inbox.withLock { inbox in
            if inbox.current === ticket { sockets.cut() }
            guard let place = inbox.jobs.firstIndex(where: { $0.ticket === ticket }) else { return nil }
            return inbox.jobs.remove(at: place)
        }
        job?.end(.failure(.cancelled(mayHaveBeenSent: false)))
    }

    /// Asks the thread to end; the waiter resumes when it has.
    func stop(_ waiter: CheckedContinuation<Void, Never>? = nil) {
        let (jobs, isFinished) = inbox.withLock { inbox in
            inbox.isStopped = true
            if let current = inbox.current {
                current.cancel()
                sockets.cut()
            }
            wake(inbox)
            if let waiter, !inbox.isFinished { inbox.stopWaiters.append(waiter) }
            defer { inbox.jobs = [] }
            return (inbox.jobs, inbox.isFinished)
        }
        for job in jobs { job.end(.failure(.cancelled(mayHaveBeenSent: false))) }
        if isFinished { waiter?.resume() }
    }

    private func wake(_ inbox: Inbox) {
        if inbox.isLeaving { sockets.cut() }
        if let wakeUp = inbox.wakeUp { eventfd_write(wakeUp, 1) }
    }

    /// The thread's whole life.
    fileprivate func run() {
        var session: MailSession?
        loop: while true {
            switch next() {
            case .send(let job): deliver(job, &session)
            case .wait: if !wait(isConnected: session != nil) { leave(&session) }
            case .end: break loop
            }
        }
        leave(&session)
        finish()
    }

    private func next() -> Step {
        inbox.withLock { inbox in
            if inbox.isStopped { return .end }
            guard !inbox.jobs.isEmpty else { return .wait }
            let job = inbox.jobs.removeFirst()
            inbox.current = job.ticket
            return .send(job)
        }
    }

    private func deliver(_ job: MailJob, _ session: inout MailSession?) {
        let open = session ?? MailSession(server, sockets)
        session = open
        let result = open?.send(job.letter, job.ticket) ?? .failure(.notSent(.other, "libcurl has no memory left"))
        inbox.withLock { $0.current = nil }
        job.end(result)
        guard case .failure = result else { return }
        // Whatever is still to come on that connection answers this mail, not the next.
        sockets.cut()
        session?.close()
        session = nil
    }

    /// Sleeps until somebody wakes the thread; false when the connection was idle for too long.
    private func wait(isConnected: Bool) -> Bool {
        guard let wakeUp = inbox.withLock({ $0.wakeUp }) else { return true }
        let milliseconds = Int32(clamping: server.idleTimeout.components.seconds) * 1_000
        var entry = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, isConnected ? max(1_000, milliseconds) : -1) != 0 else { return false }
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
        return true
    }

    /// Ends the connection in good order, but never keeps a mail or `stop` waiting for it.
    private func leave(_ session: inout MailSession?) {
        guard let open = session else { return }
        let isFree = inbox.withLock { inbox in
            inbox.isLeaving = true
            return inbox.jobs.isEmpty && !inbox.isStopped
        }
        if !isFree { sockets.cut() }
        open.close()
        session = nil
        inbox.withLock { $0.isLeaving = false }
    }

    private func finish() {
        let (waiters, wakeUp) = inbox.withLock { inbox in
            inbox.isFinished = true
            defer {
                inbox.stopWaiters = []
                inbox.wakeUp = nil
            }
            return (inbox.stopWaiters, inbox.wakeUp)
        }
        if let wakeUp { close(wakeUp) }
        for waiter in waiters { waiter.resume() }
    }
}

private func mailThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    // A peer that hangs up must not end the program: libcurl leaves that to its user under CURLOPT_NOSIGNAL.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<MailLoop>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// `curl_global_init`, once for the process.
private enum LibraryStart {
    static let succeeded = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
