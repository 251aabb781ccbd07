/// When a post that was not taken is made again: after 5 seconds, then three times as long each time up to an hour, for as
/// long as it takes; a fifth more or less, so that what failed together does not come back together.
struct WebhookSchedule: Sendable {
    var first: Duration = .seconds(5)
    var longest: Duration = .seconds(3_600)

    /// The pause after so many tries; `spread` is from 0 to 1.
    func delay(after attempts: Int, spread: Double) -> Duration {
        var delay = first
        for _ in 1..<min(max(attempts, 1), 64) where delay < longest { delay *= 3 }
        return min(delay, longest) * (0.8 + 0.4 * spread)
    }
}
