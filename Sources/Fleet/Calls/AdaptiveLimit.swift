/// How many calls may be in flight at once, learnt from how the called system answers.
///
/// A pure value: it has no clock and does no I/O, so every decision can be tested. Two signals move it:
/// - a **refusal** (HTTP 429, or 503 with Retry-After) says that the calls in flight were too many: the limit falls
///   just below what was in flight, and that number is remembered as the ceiling;
/// - **latency** well above the lowest seen says that calls wait in a queue at the other end: the limit shrinks.
///
/// Below the ceiling the limit doubles with each full round of successes (slow start). At the ceiling it tries one more
/// call only after ``Settings/successesBeforeProbe`` successes, so that probing costs well under one call in a hundred.
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
        /// Successes at the ceiling before one more call is tried.
        var successesBeforeProbe = 2_000
        /// Latency over this multiple of the lowest seen counts as waiting at the other end.
        var latencyTolerance = 3.0
    }

    private let settings: Settings
    private var ceiling: Int?
    private var successesInRound = 0
    private var successesAtCeiling = 0
    private var lowestLatency: Duration?
    private var smoothedLatency: Duration?
    private var callsSinceRefusal = Int.max

    /// The number of calls that may be in flight now.
    private(set) var limit: Int

    init(settings: Settings = Settings()) {
        self.settings = settings
        limit = max(settings.minimum, min(settings.initial, settings.maximum))
    }

    /// A call was answered, after `latency`, while `inFlight` calls (itself included) were out.
    mutating func succeeded(latency: Duration, inFlight: Int) {
        callsSinceRefusal = callsSinceRefusal == .max ? .max : callsSinceRefusal + 1
        observe(latency)
        if isQueueing {
            shrinkForLatency()
        } else if inFlight >= limit {
            growAfterFullRound()
        }
    }

    /// The other end refused a call for lack of room while `inFlight` calls (itself included) were out.
    mutating func refused(inFlight: Int) {
        // One overshoot makes several refusals, all answered about now: they are one piece of news.
        let isEcho = callsSinceRefusal < limit
        callsSinceRefusal = 0
        successesInRound = 0
        successesAtCeiling = 0
        guard !isEcho else { return }
        let room = max(settings.minimum, min(inFlight, limit) - 1)
        ceiling = room
        limit = room
    }

    /// The other system was out of reach and is back: one call first, then quickly up to what it bore before.
    mutating func restart() {
        limit = settings.minimum
        successesInRound = 0
        successesAtCeiling = 0
        smoothedLatency = lowestLatency
    }

    /// A call failed for another reason: nothing is learnt about room, and growth pauses.
    mutating func failed() {
        successesInRound = 0
    }

    private var isQueueing: Bool {
        guard let lowestLatency, let smoothedLatency else { return false }
        return smoothedLatency > lowestLatency * settings.latencyTolerance
    }

    private mutating func observe(_ latency: Duration) {
        lowestLatency = min(lowestLatency ?? latency, latency)
        // Forget the lowest slowly, so that a lucky fast answer does not throttle for ever.
        lowestLatency = lowestLatency.map { $0 + (latency - $0) / 5_000 }
        smoothedLatency = smoothedLatency.map { $0 + (latency - $0) / 16 } ?? latency
    }

    private mutating func shrinkForLatency() {
        successesInRound += 1
        guard successesInRound >= limit else { return }
        successesInRound = 0
        limit = max(settings.minimum, limit - max(1, limit / 8))
    }

    private mutating func growAfterFullRound() {
        successesInRound += 1
        guard let ceiling, limit >= ceiling else {
            guard successesInRound >= limit else { return }
            successesInRound = 0
            let doubled = min(limit * 2, settings.maximum)
            limit = ceiling.map { min(doubled, $0) } ?? doubled
            return
        }
        successesAtCeiling += 1
        guard successesAtCeiling >= settings.successesBeforeProbe, limit < settings.maximum else { return }
        successesAtCeiling = 0
        limit += 1
        self.ceiling = limit
    }
}
