import CRabbitMQ
import Glibc
import Synchronization

/// An OS thread that runs one actor and nothing else, asleep in poll(2) on the actor's socket and a wake-up
/// descriptor. librabbitmq forbids sharing a connection between threads; pinning the actor that owns it to this
/// executor makes the compiler enforce that.
final class ConnectionThread: SerialExecutor {
    /// What to wait for until the next turn.
    struct Sleep {
        /// The socket, or -1.
        var descriptor: Int32 = -1
        /// Wait until it can be written to, too.
        var wantsWrite = false
        /// When to wake at the latest.
        var deadline: ContinuousClock.Instant?
        /// Do not sleep: there is more to do.
        var again = false
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var isAsleep = false
        /// Somebody left something for the next turn.
        var isPoked = false
        var isStopped = false
        var turn: (@Sendable () -> Sleep)?
    }

    private let state = Mutex(State())
    private let identity = Atomic<UInt>(0)
    private let wakeDescriptor: Int32

    /// The thread runs until `stop`. Made once for each consumer, publisher or admin, so a system without room for it
    /// is found at the start of a program; reconnecting makes none.
    /// - Throws: `BrokerError.exhausted`.
    init(name: String) throws(BrokerError) {
        wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard wakeDescriptor >= 0 else { throw .exhausted("no file descriptor is left") }
        guard Self.spawn(name: name, { self.run() }) else { throw .exhausted("the system refuses another thread") }
    }

    deinit {
        if wakeDescriptor >= 0 { close(wakeDescriptor) }
    }

    /// What is done on every round: read, write, look at the clock.
    func setTurn(_ turn: @escaping @Sendable () -> Sleep) {
        state.withLock { $0.turn = turn }
        wake()
    }

    func stop() {
        state.withLock {
            $0.isStopped = true
            $0.turn = nil
        }
        wake()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wake() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    func isIsolatingCurrentContext() -> Bool? {
        identity.load(ordering: .relaxed) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the connection's thread")
    }

    /// Ends the sleep; callable from any thread.
    func wake() { eventfd_write(wakeDescriptor, 1) }

    /// Makes sure that a turn follows, as cheaply as possible: a thread that is awake is not disturbed.
    func poke() {
        let mustWake = state.withLock { state in
            state.isPoked = true
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wake() }
    }

    private func run() {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        var jobs: [UnownedJob] = []
        while true {
            let (turn, isStopped) = state.withLock { state in
                swap(&jobs, &state.jobs)
                state.isPoked = false
                return (state.turn, state.isStopped)
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            if isStopped, jobs.isEmpty { return }
            jobs.removeAll(keepingCapacity: true)
            guard let sleep = turn?() else {
                if !isStopped { rest(Sleep()) }
                continue
            }
            if !sleep.again { rest(sleep) }
        }
    }

    private func rest(_ sleep: Sleep) {
        let mayRest = state.withLock { state in
            state.isAsleep = state.jobs.isEmpty && !state.isStopped && !state.isPoked
            return state.isAsleep
        }
        guard mayRest else { return }
        let events = Int16(sleep.wantsWrite ? POLLIN | POLLOUT : POLLIN)
        let milliseconds = Self.milliseconds(until: sleep.deadline)
        let isWoken = unsafe withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { descriptors in
            unsafe descriptors[0] = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
            // A negative descriptor is skipped by poll.
            unsafe descriptors[1] = pollfd(fd: sleep.descriptor, events: events, revents: 0)
            _ = unsafe poll(descriptors.baseAddress, 2, milliseconds)
            return unsafe descriptors[0].revents != 0
        }
        state.withLock { $0.isAsleep = false }
        guard isWoken else { return }
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(wakeDescriptor, &count)
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        return left > .seconds(3600) ? 3_600_000 : Int32(left / .milliseconds(1)) &+ 1
    }
}
