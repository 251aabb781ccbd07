internal import Ledger
internal import Models

/// A time in which a called system takes nothing, as the whole fleet sees it: one record for all workers of all flows that
/// call it, which outlives each of them.
///
/// The states are those of a circuit breaker: *open*, nobody calls and one of the fleet asks now and then by a call without
/// effect; *half-open*, that one works again, with one call at first, and the others wait for what comes of it; *closed*,
/// the outage is over. A value without a clock of its own; ``Breaker`` keeps it in the ledger.
package struct Outage: Hashable, Sendable {
    /// How far it is.
    package enum Phase: String, Hashable, Sendable {
        case open
        case halfOpen = "half-open"
        case closed
    }

    /// Its place among all outages.
    package var number: Int64
    /// What is away, for example `erp`.
    package var destination: String
    package var phase = Phase.open
    /// When the first call failed, in microseconds since 1970, as all times here.
    package var beganAt: Int64
    /// When it ended; nil until then.
    package var endedAt: Int64?
    /// Why nothing can be called: a stable code, a sentence, a remedy. The newest word counts.
    package var code: String
    package var reason: String
    package var remedy: String
    /// How often it was asked whether the system is back.
    package var probes: Int64 = 0
    /// When it was asked last.
    package var probedAt: Int64?
    /// How often the system seemed to be back and was not.
    package var relapses: Int64 = 0
    /// When somebody may ask next.
    var nextProbeAt: Int64
    /// Failed probes and relapses since the last call that went well: how rarely it is asked.
    var misses: Int64 = 0
    /// Who asks, or tries in the half-open state.
    var holder: String?
    var leaseUntil: Int64 = 0
    /// The planned window that it began with; nil for an outage that nobody had planned.
    package var window: Int64?
    /// Who said that the system was back, so that it was asked at once; nil when it was not, or nobody said so.
    package var closedBy: String?
    /// When all that had waited was worked off; nil until then, or when nobody saw it.
    package var drainedAt: Int64?
    /// When people were told how it ended; nil until then, and of one that nobody had to know of.
    package var toldAt: Int64?

    /// What a worker does now.
    enum Turn: Hashable, Sendable {
        /// Somebody else asks, or it is not time yet.
        case wait
        /// Ask: this worker has been elected.
        case probe
        /// Work again.
        case over
    }

    init(number: Int64 = 0, of destination: String, because failure: Failure, at now: Int64) {
        self.number = number
        self.destination = destination
        beganAt = now
        (code, reason, remedy) = (failure.code, failure.sentence, failure.remedy)
        nextProbeAt = now + Self.shortestDelay
    }

    /// One that a window makes: nobody asks before it is over.
    init(of destination: String, in window: MaintenanceWindow, at now: Int64) {
        self.init(of: destination, because: window.failure, at: now)
        self.window = window.number
        halt(until: window.endsAt)
    }

    /// Why calls are not made.
    package var failure: Failure {
        Failure(code: code, category: .unavailable, sentence: reason, remedy: remedy)
    }

    // MARK: - Asking

    /// What this worker does now; elects it when it is time to ask and nobody does.
    mutating func turn(for worker: String, at now: Int64) -> Turn {
        switch phase {
        case .closed: return .over
        case .halfOpen:
            guard !isHeld(at: now) else { return .wait }
            // Whoever tried is gone.
            phase = .open
            nextProbeAt = now
            return elect(worker, at: now)
        case .open:
            guard isDue(at: now), !isHeld(at: now) || holder == worker else { return .wait }
            return elect(worker, at: now)
        }
    }

    private mutating func elect(_ worker: String, at now: Int64) -> Turn {
        hold(for: worker, at: now)
        return .probe
    }

    /// The elected worker has asked: nil when the system answers, and this worker is to try it with a real call.
    mutating func probed(by worker: String, _ failure: Failure?, at now: Int64) {
        guard phase == .open else { return }
        probes = probes.saturating(adding: 1)
        probedAt = now
        guard let failure else {
            phase = .halfOpen
            return hold(for: worker, at: now)
        }
        missed(because: failure, at: now)
    }

    /// A call has failed: while it is half-open, or when it was thought to be over.
    mutating func relapsed(because failure: Failure, at now: Int64) {
        if phase != .open { relapses = relapses.saturating(adding: 1) }
        phase = .open
        (endedAt, drainedAt, toldAt) = (nil, nil, nil)
        missed(because: failure, at: now)
    }

    private mutating func missed(because failure: Failure, at now: Int64) {
        misses = misses.saturating(adding: 1)
        // Whoever said that it was back was wrong.
        closedBy = nil
        (code, reason, remedy) = (failure.code, failure.sentence, failure.remedy)
        (holder, leaseUntil) = (nil, 0)
        nextProbeAt = now + delay()
    }

    /// Whoever asks or tries ends without knowing: somebody else may at once.
    mutating func abandoned(by worker: String, at now: Int64) {
        guard phase != .closed, holder == worker else { return }
        phase = .open
        (holder, leaseUntil, nextProbeAt) = (nil, 0, now)
    }

    /// Calls have gone well.
    mutating func ended(at now: Int64) {
        phase = .closed
        endedAt = now
        misses = 0
        (holder, leaseUntil) = (nil, 0)
    }

    // MARK: - By a person's word

    /// It is planned that the system is away until then: nobody asks or tries before.
    mutating func halt(until end: Int64) {
        phase = .open
        (holder, leaseUntil, nextProbeAt) = (nil, 0, end)
    }

    func isHalted(until end: Int64) -> Bool { phase == .open && holder == nil && nextProbeAt == end }

    /// The system is said to be back: whoever looks first asks. Where it is being tried, that goes on.
    mutating func hasten(at now: Int64) {
        guard phase == .open else { return }
        (holder, leaseUntil, nextProbeAt, misses) = (nil, 0, now, 0)
    }

    // MARK: - Trying

    /// Who tries goes on trying.
    mutating func hold(for worker: String, at now: Int64) {
        holder = worker
        leaseUntil = now + Self.lease
    }

    /// How many calls have to go well before everybody works again: a system that comes and goes is believed ever less.
    var wantedAnswers: Int { 1 << Int(min(relapses, 5)) }

    /// Whether a call that fails now belongs to this outage, although it was thought to be over.
    func isRecent(at now: Int64) -> Bool {
        guard let endedAt else { return true }
        return (-Self.skew..<Self.calm).contains(now - endedAt)
    }

    // MARK: - Time

    /// A clock that was set back makes nobody wait for it.
    private func isDue(at now: Int64) -> Bool { nextProbeAt <= now || nextProbeAt - now > longestDelay * 2 }

    func isHeld(at now: Int64) -> Bool {
        holder != nil && (1...Self.lease + Self.skew).contains(leaseUntil - now)
    }

    /// Twice as long after each miss.
    private func delay() -> Int64 { min(Self.shortestDelay << min(misses, 10), longestDelay) }

    static let shortestDelay: Int64 = 1_000_000
    /// A ping costs nobody anything, so that after a day away work goes on within seconds; posts, mails and pages are real.
    var longestDelay: Int64 {
        SharedAbsence.Destination(rawValue: destination) == nil ? 5_000_000 : Self.longestRealDelay
    }
    static let longestRealDelay: Int64 = 15_000_000
    /// Longer than a probe usually takes that is not answered; one that takes longer may be made twice.
    static let lease: Int64 = 20_000_000
    /// How far apart two workers' readings of the time may be: of two machines, or because one was made to wait after it.
    static let skew: Int64 = 5_000_000
    /// A system that fails again so soon was not back.
    static let calm: Int64 = 60_000_000
}

extension Int64 {
    fileprivate func saturating(adding other: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
