/// Keeps one connection up for the actor that owns it: carries out what `ConnectionLifecycle` decides.
/// Used on the actor's thread only.
final class Link {
    /// The connection while there is one.
    private(set) var handle: AMQPHandle?
    /// Names the connection, so that what belongs to an older one can be told.
    private(set) var epoch: UInt64 = 0

    private let configuration: BrokerConfiguration
    private let thread: ConnectionThread
    private let topology: [Topology.Expectation]
    private let setup: ConnectionAttempt.Setup
    private let onEvent: @Sendable (BrokerEvent) -> Void
    private var lifecycle: ConnectionLifecycle
    private var attempt: ConnectionAttempt?
    private var retryAt: ContinuousClock.Instant?
    private var connectedAt = ContinuousClock.now
    /// When the broker has been silent for two heartbeats, unless something has come since the last look.
    private var silenceEnds = ContinuousClock.now
    /// When to look again: every look is a system call.
    private var listenAt = ContinuousClock.now
    /// librabbitmq notices a byte a moment after the kernel, and counts from there.
    private static let slack = Duration.milliseconds(5)
    private var starters: [CheckedContinuation<BrokerError?, Never>] = []

    init(
        _ configuration: BrokerConfiguration, _ topology: [Topology.Expectation], thread: ConnectionThread,
        onEvent: @escaping @Sendable (BrokerEvent) -> Void, setup: @escaping ConnectionAttempt.Setup
    ) {
        self.configuration = configuration
        self.topology = topology
        self.thread = thread
        self.setup = setup
        self.onEvent = onEvent
        lifecycle = ConnectionLifecycle(hosts: configuration.endpoints.count, backoff: configuration.backoff)
    }

    /// Begins to connect; the continuation hears of the first success (nil) or of the reason to give up.
    func start(_ continuation: CheckedContinuation<BrokerError?, Never>) {
        switch lifecycle.state {
        case .connected: return continuation.resume(returning: nil)
        case .stopped: return continuation.resume(returning: .stopped)
        case .idle, .connecting, .waiting, .failed: starters.append(continuation)
        }
        apply(lifecycle.handle(.start))
    }

    /// Looks at the attempt and the clock; true when a connection has just come up.
    func advance(_ now: ContinuousClock.Instant) -> Bool {
        if let retryAt, now >= retryAt {
            self.retryAt = nil
            apply(lifecycle.handle(.pauseOver))
        }
        guard let result = attempt?.take() else { return false }
        attempt = nil
        switch result {
        case .failure(let error):
            apply(lifecycle.handle(.failed(error)))
            return false
        case .success(let new):
            return adopt(new, now)
        }
    }

    private func adopt(_ new: AMQPHandle, _ now: ContinuousClock.Instant) -> Bool {
        apply(lifecycle.handle(.connected))
        guard case .connected = lifecycle.state else {
            new.close()
            return false
        }
        handle = new
        epoch = DeliveryTag.newEpoch()
        connectedAt = now
        listenAt = now
        onEvent(.connected(server: new.server, host: new.endpoint.place))
        resumeStarters(nil)
        return true
    }

    /// The connection is of no use any more.
    func lose(_ error: BrokerError) {
        guard let old = handle else { return }
        handle = nil
        // After a channel error the connection still works, so the broker is told; else there is nobody to tell.
        switch error {
        case .channelClosed, .notFound, .accessRefused, .preconditionFailed: old.close()
        default: break
        }
        apply(lifecycle.handle(.lost(error, lasted: connectedAt.duration(to: .now))))
    }

    /// Ends for good.
    func stop() { apply(lifecycle.handle(.stop)) }

    /// Somebody has just reached the broker: the next attempt does not wait for the end of its pause.
    func hurry() {
        if retryAt != nil { retryAt = .now }
    }

    /// Passes an event on.
    func report(_ event: BrokerEvent) { onEvent(event) }

    /// What to wait for. librabbitmq sends heartbeats, and misses the broker's, only when it is called: so it is called
    /// twice per interval, and when the broker has been silent for two of them.
    func sleep(_ now: ContinuousClock.Instant) -> ConnectionThread.Sleep {
        guard let handle else { return ConnectionThread.Sleep(deadline: retryAt) }
        if now >= listenAt {
            let left = max(handle.heartbeat * 2 - handle.silence, .zero) + Self.slack
            silenceEnds = now.advanced(by: left)
            listenAt = now.advanced(by: min(left, handle.heartbeat / 8))
        }
        return ConnectionThread.Sleep(
            descriptor: handle.descriptor, deadline: min(now.advanced(by: handle.heartbeat / 2), silenceEnds))
    }

    private func apply(_ action: ConnectionLifecycle.Action) {
        switch action {
        case .none: break
        case .connect(let host):
            attempt = ConnectionAttempt(
                configuration.endpoints[host], configuration, waking: thread, setup: epoch > 0 ? setupAgain : setup)
        case .pause(let pause, let error):
            retryAt = ContinuousClock.now.advanced(by: pause)
            onEvent(.lost(error, retryIn: pause))
        case .giveUp(let error):
            onEvent(.gaveUp(error))
            resumeStarters(error)
        case .disconnect:
            attempt = nil
            retryAt = nil
            handle?.close()
            handle = nil
            resumeStarters(.stopped)
        }
    }

    /// While there was no connection, what it relies on may have been deleted or made anew in another shape.
    private var setupAgain: ConnectionAttempt.Setup {
        { [topology, setup] (handle) throws(BrokerError) in
            try handle.verify(topology)
            try setup(handle)
        }
    }

    private func resumeStarters(_ error: BrokerError?) {
        for starter in starters { starter.resume(returning: error) }
        starters = []
    }
}
