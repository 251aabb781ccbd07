/// Queues that do not take messages now: nothing goes there but, after a growing pause, one row that asks.
struct QueueHolds {
    private struct Hold {
        var reason: String
        var until: ContinuousClock.Instant
        var pause: Duration
        /// A row is on its way that asks.
        var isAsking = false
    }

    private static let shortest = Duration.milliseconds(500)
    private static let longest = Duration.seconds(10)

    private var holds: [String: Hold] = [:]

    var isEmpty: Bool { holds.isEmpty }
    var queues: [String] { holds.keys.sorted() }
    /// By queue, why.
    var reasons: [String: String] { holds.mapValues(\.reason) }

    func contains(_ queue: String) -> Bool { holds[queue] != nil }

    /// A queue has not taken a message; true when that is news. Of the messages that were on their way together each
    /// says so, and the pause grows only with the one that asks.
    mutating func begin(_ queue: String, _ reason: String, now: ContinuousClock.Instant) -> Bool {
        guard let hold = holds[queue] else {
            holds[queue] = Hold(reason: reason, until: now + Self.shortest, pause: Self.shortest)
            return true
        }
        holds[queue]?.reason = reason
        guard hold.isAsking else { return false }
        let pause = min(hold.pause * 2, Self.longest)
        holds[queue] = Hold(reason: reason, until: now + pause, pause: pause)
        return hold.reason != reason
    }

    /// The queues that are to be asked now.
    func due(now: ContinuousClock.Instant) -> [String] {
        queues.filter { queue in holds[queue].map { !$0.isAsking && $0.until <= now } ?? false }
    }

    /// A row is on its way that asks.
    mutating func asking(_ queue: String) { holds[queue]?.isAsking = true }

    /// The row that asked was at fault itself: another one asks, at once.
    mutating func askAgain(_ queue: String, now: ContinuousClock.Instant) {
        holds[queue]?.isAsking = false
        holds[queue]?.until = now
    }

    /// The queue takes messages; false when it was not held.
    mutating func end(_ queue: String) -> Bool { holds.removeValue(forKey: queue) != nil }

    /// The connection is another one: what was said of queues is over, except where a row is asking.
    mutating func askAll(now: ContinuousClock.Instant) {
        for queue in holds.keys { holds[queue]?.until = now }
    }
}
