/// Exponential pauses with jitter, so that a fleet does not come back in step.
public struct Backoff: Sendable, Hashable {
    /// The longest first pause.
    public var initial: Duration
    /// The longest pause of all.
    public var maximum: Duration

    /// Pauses grow from `initial` to `maximum` by doubling.
    public init(initial: Duration = .milliseconds(200), maximum: Duration = .seconds(15)) {
        self.initial = max(initial, .milliseconds(1))
        self.maximum = max(maximum, self.initial)
    }

    /// The pause before the attempt after `failures` failures in a row: from half of the ceiling up to the ceiling.
    public func pause(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
        var ceiling = initial
        for _ in 0..<min(max(failures - 1, 0), 40) where ceiling < maximum { ceiling = ceiling * 2 }
        ceiling = min(ceiling, maximum)
        let microseconds = max(Int64(ceiling / .microseconds(1)), 1)
        return .microseconds(Int64.random(in: (microseconds / 2)...microseconds, using: &random))
    }
}
