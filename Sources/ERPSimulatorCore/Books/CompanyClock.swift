import Models
import Synchronization

/// The simulated company's clock. It can be set back, as clocks are; the sequence of changes never is.
final class CompanyClock: Sendable {
    /// Microseconds.
    private let lag = Atomic<Int64>(0)

    var now: Timestamp {
        let right = Timestamp.now()
        return Timestamp(microseconds: right.microseconds - lag.load(ordering: .relaxed)) ?? right
    }

    /// From now on it is so many seconds late.
    func setBack(bySeconds seconds: Double) {
        lag.store(Int64(min(max(seconds, 0), 1_000_000) * 1_000_000), ordering: .relaxed)
    }
}
