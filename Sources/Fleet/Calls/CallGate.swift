internal import DequeModule
internal import Synchronization

/// Lets as many calls through at once as the ``AdaptiveLimit`` has learnt the other system bears.
///
/// Only the call itself holds a place, not the ledger work around it, so that the other system is never idle while a
/// message is being claimed or recorded. While the gate is closed (an outage) nobody gets in.
final class CallGate: Sendable {
    private struct State {
        var limit: AdaptiveLimit
        var inFlight = 0
        var isClosed = false
        var nextID = 0
        var waiters: Deque<(id: Int, continuation: CheckedContinuation<Bool, Never>)> = []
    }

    private let state: Mutex<State>

    init(limit: AdaptiveLimit = AdaptiveLimit()) {
        state = Mutex(State(limit: limit))
    }

    /// The learnt limit, for metrics and for how much work to prepare.
    var limit: Int { state.withLock { $0.limit.limit } }

    /// Waits for a place. `false` when the gate is closed or the task is cancelled.
    func enter() async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isClosed || Task.isCancelled { return false }
                    if state.inFlight < state.limit.limit {
                        state.inFlight += 1
                        return true
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            turnAway { $0 == id }
        }
    }

    /// Gives the place back; `learn` tells the limit how the call went, with the number of calls that were in flight.
    func leave(_ learn: (inout AdaptiveLimit, _ inFlight: Int) -> Void) {
        let admitted = state.withLock { state in
            learn(&state.limit, state.inFlight)
            state.inFlight -= 1
            var admitted: [CheckedContinuation<Bool, Never>] = []
            while state.inFlight < state.limit.limit, let next = state.waiters.popFirst() {
                state.inFlight += 1
                admitted.append(next.continuation)
            }
            return admitted
        }
        for continuation in admitted { continuation.resume(returning: true) }
    }

    /// Turns everybody away until ``open()``.
    func close() {
        state.withLock { $0.isClosed = true }
        turnAway { _ in true }
    }

    /// Lets calls through again, starting with one and growing to what was borne before.
    func open() {
        state.withLock { state in
            state.isClosed = false
            state.limit.restart()
        }
    }

    private func turnAway(where matches: (Int) -> Bool) {
        let turnedAway = state.withLock { state in
            let leaving = state.waiters.filter { matches($0.id) }
            state.waiters.removeAll { matches($0.id) }
            return leaving
        }
        for waiter in turnedAway { waiter.continuation.resume(returning: false) }
    }
}
