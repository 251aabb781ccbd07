internal import Synchronization

/// Opens once, with a value; whoever waits before or after gets that value.
final class Latch<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    /// Opens; only the first call counts.
    func open(_ value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Returns what it is opened with.
    func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiters.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}

extension Latch<Void> {
    /// Opens.
    func open() { open(()) }
}

/// Runs `work`, but returns after `limit` at the latest; whether the work ended in time. It goes on by itself otherwise.
@discardableResult
func withDeadline(_ limit: Duration, _ work: @escaping @Sendable () async -> Void) async -> Bool {
    let done = Latch<Bool>()
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
