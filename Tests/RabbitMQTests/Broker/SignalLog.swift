import Synchronization

/// Collects what happens, and lets a test wait for something.
final class SignalLog<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var waiters: [(matches: @Sendable (Event) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [Event] { state.withLock { $0.events } }

    func note(_ event: Event) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiters.filter { $0.matches(event) }
            state.waiters.removeAll { $0.matches(event) }
            return ready.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns when such an event has come after the first `skipping` events.
    func wait(skipping: Int = 0, for matches: @escaping @Sendable (Event) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.dropFirst(skipping).contains(where: matches) { return true }
                state.waiters.append((matches, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
