internal import Synchronization

/// Opens once, with a yes or a no; whoever waits before or after gets through.
final class Latch: Sendable {
    private struct State {
        var outcome: Bool?
        var waiters: [CheckedContinuation<Bool, Never>] = []
    }

    private let state = Mutex(State())

    /// Opens; only the first call counts.
    func open(_ outcome: Bool = true) {
        let (waiters, settled) = state.withLock { state in
            defer { state.waiters = [] }
            state.outcome = state.outcome ?? outcome
            return (state.waiters, state.outcome ?? outcome)
        }
        for waiter in waiters { waiter.resume(returning: settled) }
    }

    /// Returns what it was opened with.
    @discardableResult
    func wait() async -> Bool {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiters.append(continuation) }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}

/// Runs `work`, but returns after `limit` at the latest; whether the work ended in time. It goes on by itself otherwise.
@discardableResult
func withDeadline(_ limit: Duration, _ work: @escaping @Sendable () async -> Void) async -> Bool {
    let done = Latch()
    Task {
        await work()
        done.open(true)
    }
    let timer = Task {
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        done.open(false)
    }
    defer { timer.cancel() }
    return await done.wait()
}
