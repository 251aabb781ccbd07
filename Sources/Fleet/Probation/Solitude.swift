internal import DequeModule
internal import Synchronization

/// Lets ordinary messages be handled side by side, and a suspect only when nothing else in this process is.
///
/// If the process then crashes, the suspect alone is to blame. First come, first served: a waiting suspect holds back
/// what comes after it.
final class Solitude: Sendable {
    private struct Waiter {
        let alone: Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var inside = 0
        var isAlone = false
        var waiters: Deque<Waiter> = []

        func admits(alone: Bool) -> Bool { alone ? inside == 0 : !isAlone }
    }

    private let state = Mutex(State())

    /// How many wait for their turn.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Runs `body`, by itself if `alone`.
    func enter<Value: Sendable>(alone: Bool, _ body: () async throws -> Value) async rethrows -> Value {
        await acquire(alone: alone)
        defer { release() }
        return try await body()
    }

    /// Waits until this may be done, by itself if `alone`; ends with ``release()``.
    func acquire(alone: Bool) async {
        await withCheckedContinuation { continuation in
            let isIn = state.withLock { state in
                guard state.waiters.isEmpty, state.admits(alone: alone) else {
                    state.waiters.append(Waiter(alone: alone, continuation: continuation))
                    return false
                }
                state.inside += 1
                state.isAlone = alone
                return true
            }
            if isIn { continuation.resume() }
        }
    }

    /// Ends what ``acquire(alone:)`` began.
    func release() {
        let admitted = state.withLock { state in
            state.inside -= 1
            state.isAlone = false
            var admitted: [Waiter] = []
            while let next = state.waiters.first, state.admits(alone: next.alone) {
                state.waiters.removeFirst()
                state.inside += 1
                state.isAlone = next.alone
                admitted.append(next)
            }
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume() }
    }
}
