/// How often a consumer's thread looks at its socket.
///
/// In a rush, waking up for every packet costs more than the messages themselves: two threads are switched for a handful
/// of them, on processors that the broker may need. So the socket is then left alone for a moment, as network cards do
/// (interrupt moderation), and read in larger pieces. A trickle is read as it comes. A pure value.
struct ReadPace {
    /// How long the socket is left alone.
    static let pause: Duration = .milliseconds(1)
    /// So many messages within a pause are a rush.
    static let rush = 16.0

    private var began: ContinuousClock.Instant
    private var count = 0
    private var isRushing = false

    init(_ now: ContinuousClock.Instant = .now) { began = now }

    /// Notes how many messages were read; answers until when the socket can wait, or nil when it must be watched.
    mutating func read(_ messages: Int, _ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        count &+= messages
        let pauses = began.duration(to: now) / Self.pause
        if pauses >= 1 {
            isRushing = Double(count) >= Self.rush * pauses
            began = now
            count = 0
        }
        return isRushing ? began.advanced(by: Self.pause) : nil
    }
}
