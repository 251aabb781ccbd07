/// How long nobody may call after the other system refused even a call that was the only one: it has no room at all.
///
/// A refusal beside other calls says that these were too many, which is the ``AdaptiveLimit``'s business, and a single
/// refusal says little; the second in a row without a success between them, alone, says it clearly.
struct RefusalPause: Sendable {
    /// The longest pause that the other system did not ask for itself.
    static let longestOwn = Duration.seconds(10)

    private var refusals = 0
    private var pauses = 0

    /// A call was refused while so many (itself included) were in flight. The pause that follows, if one does: what was
    /// asked for, or one that doubles each time; with jitter, so that the workers of a fleet do not come back in step,
    /// and never shorter than what was asked for.
    mutating func refused(inFlight: Int, asked: Duration?) -> Duration? {
        refusals = min(refusals + 1, 2)
        guard inFlight == 1, refusals == 2 else { return nil }
        pauses = min(pauses + 1, 16)
        if let asked, asked >= .seconds(1) {
            return asked + min(asked / 10, .seconds(5)) * Double.random(in: 0...1)
        }
        let own = min(Duration.milliseconds(500) * (1 << (pauses - 1)), Self.longestOwn)
        return own * Double.random(in: 0.8...1.2)
    }

    /// A call was answered.
    mutating func answered() { (refusals, pauses) = (0, 0) }
}
