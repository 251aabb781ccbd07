import NIOCore

/// Waits exactly. `Task.sleep` wakes up to a millisecond late, which at 50 ms of latency is two percent of the
/// capacity; an event loop's timer does not, but can not be cancelled. So the first sleeps most of the time.
enum Clock {
    private static let margin = Duration.milliseconds(5)

    static func sleep(until deadline: ContinuousClock.Instant, on eventLoop: any EventLoop) async throws {
        if deadline - .now > margin {
            try await Task.sleep(until: deadline - margin, tolerance: .zero, clock: .continuous)
        }
        let (seconds, attoseconds) = (deadline - .now).components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        guard nanoseconds > 0 else { return }
        try await eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) {}.futureResult.get()
    }
}
