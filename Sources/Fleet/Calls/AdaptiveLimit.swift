/// How many calls may be in flight at once, learnt from how the called system answers.
///
/// A pure value: it has no clock and does no I/O, so every decision can be tested. Two signals move it:
/// - a **refusal** (HTTP 429, or 503 with Retry-After) says that the calls in flight were one too many: the limit falls
///   just below what was in flight, and that number is remembered as the ceiling. An overshoot by ten makes ten
///   refusals, each of which leaves one call fewer in flight, so that the limit stops where the room is. A refusal
///   without a try, after rounds that went well, means that another client wants a share: the limit yields an eighth;
/// - **latency** well above the usual says that calls wait in a queue at the other end: the limit shrinks.
///
/// Below the ceiling the limit doubles with each full round of successes (slow start). At the ceiling it tries one more
/// call only now and then: each refused try doubles the patience, up to ``Settings/roundsBeforeProbe`` full rounds of
/// successes, so that trying costs well under one call in a hundred, and tries that succeed shorten it again.
/// The idea is that of TCP Vegas and of Netflix's concurrency-limits.
struct AdaptiveLimit: Sendable {
    /// The bounds and the patience.
    struct Settings: Sendable {
        /// Never fewer in flight.
        var minimum = 1
        /// Where it starts.
        var initial = 4
        /// Never more in flight.
        var maximum = 256
        /// The longest wait at the ceiling before one more call is tried, in full rounds of successes.
        var roundsBeforeProbe = 128
        /// Recent latency over this multiple of the usual counts as waiting at the other end.
        var latencyTolerance = 3.0
    }

    private let settings: Settings
    private var ceiling: Int?
    private var successesInRound = 0
    private var roundsAtCeiling = 0
    private var patience = 1
    private var isProbing = false
    private var goodProbes = 0
    private var usualLatency: Duration?
    private var recentLatency: Duration?

    /// The number of calls that may be in flight now.
    private(set) var limit: Int

    init(settings: Settings = Settings()) {
        self.settings = settings
        limit = max(settings.minimum, min(settings.initial, settings.maximum))
    }

    /// A call was answered, after `latency`, while `inFlight` calls (itself included) were out.
    mutating func succeeded(latency: Duration, inFlight: Int) {
        observe(latency)
        guard isQueueing || inFlight >= limit else { return }
        successesInRound += 1
        guard successesInRound >= limit else { return }
        successesInRound = 0
        if isQueueing { shrink() } else { grow() }
    }

    /// The other end refused a call for lack of room while `inFlight` calls (itself included) were out.
    mutating func refused(inFlight: Int) {
        let held = min(inFlight, limit)
        limit = max(settings.minimum, held - (isCrowdedOut ? max(1, held / 8) : 1))
        ceiling = limit
        successesInRound = 0
        roundsAtCeiling = 0
        goodProbes = 0
        if isProbing { patience = min(patience * 2, settings.roundsBeforeProbe) }
        isProbing = false
    }

    /// The other system was out of reach and is back: one call first, then quickly up to what it bore before.
    mutating func restart() {
        limit = settings.minimum
        successesInRound = 0
        roundsAtCeiling = 0
        isProbing = false
        recentLatency = usualLatency
    }

    /// A call failed for another reason: nothing is learnt about room, and growth pauses.
    mutating func failed() {
        successesInRound = 0
    }

    /// What went well for whole rounds is refused now without a try of its own: another client has found a place. Who
    /// holds many yields more than one, so that shares become even; who holds few yields one.
    private var isCrowdedOut: Bool { roundsAtCeiling > 0 && !isProbing }

    private var isQueueing: Bool {
        guard let usualLatency, let recentLatency else { return false }
        return recentLatency > usualLatency * settings.latencyTolerance
    }

    /// The usual is an average and not the lowest, because some calls are answered quickly by their nature.
    private mutating func observe(_ latency: Duration) {
        usualLatency = usualLatency.map { $0 + (latency - $0) / 512 } ?? latency
        recentLatency = recentLatency.map { $0 + (latency - $0) / 16 } ?? latency
    }

    private mutating func shrink() {
        limit = max(settings.minimum, limit - max(1, limit / 8))
    }

    /// After a full round of successes.
    private mutating func grow() {
        guard let ceiling, limit >= ceiling else {
            limit = min(limit * 2, ceiling ?? settings.maximum, settings.maximum)
            return
        }
        if isProbing { probeSucceeded() }
        roundsAtCeiling += 1
        guard roundsAtCeiling >= patience, limit < settings.maximum else { return }
        roundsAtCeiling = 0
        isProbing = true
        limit += 1
        self.ceiling = limit
    }

    /// One good probe may be luck (another worker was refused in its place); two in a row shorten the patience.
    private mutating func probeSucceeded() {
        isProbing = false
        goodProbes += 1
        if goodProbes > 1 { patience = max(1, patience / 2) }
    }
}
