/// Spreads messages evenly over time.
package struct Pace {
    private let interval: Duration
    private let start: ContinuousClock.Instant
    private var sent = 0

    /// So many messages a second from `start` on.
    package init(perSecond rate: Double, start: ContinuousClock.Instant = .now) {
        interval = .seconds(1) / rate
        self.start = start
    }

    /// When the next message is due.
    package var due: ContinuousClock.Instant { start + interval * Double(sent) }

    /// A message was sent.
    package mutating func advance() { sent += 1 }
}
