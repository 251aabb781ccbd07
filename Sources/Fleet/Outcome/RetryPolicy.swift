/// When a transient failure is tried again, and when it becomes a dead letter.
///
/// Attempts walk up the ``RetryTier``s; the last tier is used until ``maximumAttempts`` is reached. With the default of
/// 14 attempts that is about 18 hours.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a message may be tried in all.
    public var maximumAttempts: Int

    /// Creates a policy.
    public init(maximumAttempts: Int = 14) {
        self.maximumAttempts = maximumAttempts
    }

    /// The tier to wait in after the `attempt`-th try (from 1) failed; `nil` when it was the last one.
    ///
    /// - Parameter isAwaiting: Whether it waits for something that may come at any time. Then it is tried every five minutes
    ///   instead of more and more seldom, and so more often, but for as long.
    public func tier(afterAttempt attempt: Int, isAwaiting: Bool = false) -> RetryTier? {
        guard attempt < (isAwaiting ? mostWhileAwaiting : maximumAttempts) else { return nil }
        let tiers = RetryTier.allCases.prefix { !isAwaiting || $0.delay <= RetryTier.fiveMinutes.delay }
        return tiers[min(max(attempt, 1), tiers.count) - 1]
    }

    private var mostWhileAwaiting: Int {
        let longer = RetryTier.allCases.filter { $0.delay > RetryTier.fiveMinutes.delay }
        let same = RetryTier.allCases.count - longer.count
        let rest = (same + 1..<max(maximumAttempts, same + 1)).reduce(Duration.zero) {
            $0 + (tier(afterAttempt: $1)?.delay ?? .zero)
        }
        return min(maximumAttempts, same + 1) + Int(rest / RetryTier.fiveMinutes.delay)
    }

    /// How long a message that fails every time waits in retry queues altogether.
    var longestTravel: Duration {
        (1..<max(maximumAttempts, 2)).reduce(.zero) { $0 + (tier(afterAttempt: $1)?.delay ?? .zero) }
    }
}

/// The waiting times of the retry queues.
///
/// One queue per tier, because a quorum queue only expires messages at its head: mixed delays would block each other.
public enum RetryTier: String, Hashable, Sendable, CaseIterable {
    case fiveSeconds = "5s"
    case thirtySeconds = "30s"
    case fiveMinutes = "5m"
    case thirtyMinutes = "30m"
    case twoHours = "2h"

    /// How long a message waits there.
    public var delay: Duration {
        switch self {
        case .fiveSeconds: .seconds(5)
        case .thirtySeconds: .seconds(30)
        case .fiveMinutes: .seconds(300)
        case .thirtyMinutes: .seconds(1_800)
        case .twoHours: .seconds(7_200)
        }
    }

    /// The shortest tier that waits at least `delay`, or the longest there is.
    static func atLeast(_ delay: Duration) -> RetryTier {
        allCases.first { $0.delay >= delay } ?? .twoHours
    }
}
