/// Pauses between tries: after 30 seconds, then twice as long each time up to a quarter of an hour; a fifth more or
/// less, so that what failed together does not come back together.
struct CourierSchedule: Hashable, Sendable {
    var first: Duration = .seconds(30)
    var longest: Duration = .seconds(900)

    /// The pause after so many tries in vain; `spread` is from 0 to 1.
    func delay(after tries: Int, spread: Double) -> Duration {
        var delay = first
        for _ in 1..<min(max(tries, 1), 64) where delay < longest { delay *= 2 }
        return min(delay, longest) * (0.8 + 0.4 * spread)
    }
}

/// Whether a channel may be tried that is there and takes nothing from us, as one process knows it: one letter tries it
/// when the rest is over, and no other before that one has an answer. Of one that is away all processes know
/// (``SharedAbsence``).
struct CourierRest: Sendable {
    private(set) var failures = 0
    private var until: ContinuousClock.Instant?
    /// What was said of it last, so that the same is not said at each try.
    private var told: AlertTrouble?

    func isOver(_ now: ContinuousClock.Instant) -> Bool { until.map { $0 <= now } ?? true }

    /// The other side has answered.
    /// - Returns: whether the channel rested before.
    mutating func end() -> Bool {
        defer { self = CourierRest() }
        return failures > 0
    }

    /// It takes nothing. Returns for how long nothing is tried, and whether that is news.
    mutating func begin(
        _ trouble: AlertTrouble, atLeast least: Duration?, _ schedule: CourierSchedule, now: ContinuousClock.Instant
    ) -> (rest: Duration, isNews: Bool) {
        failures += 1
        let rest = max(schedule.delay(after: failures, spread: .random(in: 0...1)), least ?? .zero)
        until = now + rest
        defer { told = trouble }
        return (rest, told?.code != trouble.code)
    }
}
