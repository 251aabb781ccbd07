/// When to connect, where to, how long to pause and when to give up: the whole of recovery as a pure value.
///
///     idle ──start──▶ connecting ──connected──▶ connected ──lost──▶ waiting ──pauseOver──▶ connecting …
///                        │  ▲ next host           (any) ──stop──▶ stopped
///                        ▼  │
///                     failed ──all hosts tried──▶ waiting, or failed for good before the first success
public struct ConnectionLifecycle: Sendable {
    /// Where it stands.
    public enum State: Sendable, Equatable {
        /// Not started.
        case idle
        /// An attempt at a host is under way.
        case connecting(host: Int)
        /// Connected to a host.
        case connected(host: Int)
        /// Pausing before the next attempt.
        case waiting
        /// Gave up; only `start` leaves this.
        case failed
        /// Stopped for good.
        case stopped
    }

    /// What happens to it.
    public enum Event: Sendable, Equatable {
        /// Begin.
        case start
        /// The attempt succeeded.
        case connected
        /// The attempt failed.
        case failed(BrokerError)
        /// The connection broke after it had lasted so long.
        case lost(BrokerError, lasted: Duration)
        /// The pause is over.
        case pauseOver
        /// End for good.
        case stop
    }

    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Nothing.
        case none
        /// Try this host.
        case connect(host: Int)
        /// Say that it is not connected and why, and come back after the pause.
        case pause(Duration, because: BrokerError)
        /// Tell the person.
        case giveUp(BrokerError)
        /// Close what is open.
        case disconnect
    }

    /// Where it stands.
    public private(set) var state: State = .idle
    private let hosts: Int
    private let backoff: Backoff
    private var random: any RandomNumberGenerator & Sendable
    private var nextHost = 0
    private var triedInRound = 0
    private var failures = 0
    private var everConnected = false
    private var fatal: BrokerError?

    /// A connection that lasted this long starts its pauses from the beginning.
    public static let steady: Duration = .seconds(10)

    /// `random` is injected so that tests repeat.
    public init(
        hosts: Int, backoff: Backoff, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.hosts = max(hosts, 1)
        self.backoff = backoff
        self.random = random
    }

    /// Takes one step.
    public mutating func handle(_ event: Event) -> Action {
        switch (state, event) {
        case (.stopped, _): return .none
        case (_, .stop):
            defer { state = .stopped }
            return state == .idle ? .none : .disconnect
        case (.idle, .start), (.failed, .start), (.waiting, .pauseOver): return beginRound()
        case (.connecting(let host), .connected): return succeed(host)
        case (.connecting(let host), .failed(let error)): return fail(error, at: host)
        case (.connected(let host), .lost(let error, let lasted)): return lose(error, lasted: lasted, host: host)
        default: return .none
        }
    }

    private mutating func beginRound() -> Action {
        triedInRound = 0
        fatal = nil
        return connect()
    }

    private mutating func connect() -> Action {
        state = .connecting(host: nextHost)
        return .connect(host: nextHost)
    }

    private mutating func succeed(_ host: Int) -> Action {
        state = .connected(host: host)
        everConnected = true
        nextHost = host
        return .none
    }

    private mutating func fail(_ error: BrokerError, at host: Int) -> Action {
        triedInRound += 1
        nextHost = (host + 1) % hosts
        if error.recovery == .giveUp { fatal = error }
        if triedInRound < hosts { return connect() }
        if let fatal, !everConnected {
            state = .failed
            return .giveUp(fatal)
        }
        return pause(because: fatal ?? error)
    }

    /// Another host is tried first after a loss: the one that broke is the likeliest to be down.
    private mutating func lose(_ error: BrokerError, lasted: Duration, host: Int) -> Action {
        if lasted >= Self.steady { failures = 0 }
        nextHost = (host + 1) % hosts
        return pause(because: error)
    }

    private mutating func pause(because error: BrokerError) -> Action {
        failures += 1
        state = .waiting
        return .pause(backoff.pause(afterFailures: failures, using: &random), because: error)
    }
}
