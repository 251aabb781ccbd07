internal import DequeModule
internal import Synchronization

/// Lets as many calls through at once as the ``AdaptiveLimit`` has learnt the other system bears.
///
/// Only the call itself holds a place, not the ledger work around it, so that the other system is never idle while a
/// message is being claimed or recorded. While the gate is closed (an outage) nobody gets in, and whoever waits is
/// turned away; while it is paused (a refusal for lack of any room) whoever waits goes on waiting.
final class CallGate: Sendable {
    /// Why somebody was turned away, or would be now.
    enum Refusal: Sendable {
        /// The flow is paused for this reason.
        case closed(Failure)
        /// The process shuts down.
        case stopping
    }

    private struct Waiter {
        let id: Int
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var limit: AdaptiveLimit
        var inFlight = 0
        var refusal: Refusal?
        var pauses = RefusalPause()
        /// Counts the pauses, so that only the newest one's own end ends it.
        var pauseID = 0
        var isPaused = false
        var nextID = 0
        var answers = 0
        var waiters: Deque<Waiter> = []

        var hasPlace: Bool { !isPaused && inFlight < limit.limit }

        mutating func admit() -> [Waiter] {
            var admitted: [Waiter] = []
            while hasPlace, let next = waiters.popFirst() {
                inFlight += 1
                admitted.append(next)
            }
            return admitted
        }
    }

    private let state: Mutex<State>
    /// What its calls say of the other system.
    let streak = FailureStreak()

    init(limit: AdaptiveLimit = AdaptiveLimit()) {
        state = Mutex(State(limit: limit))
    }

    /// The learnt limit, for metrics and for how much work to prepare.
    var limit: Int { state.withLock { $0.limit.limit } }

    /// Why nobody gets in; nil while the gate is open.
    var refusal: Refusal? { state.withLock { $0.refusal } }

    /// Waits for a place. `false` when the gate is closed, the task is cancelled, or ``turnAwayOverdue(_:)`` finds the
    /// deadline passed.
    func enter(until deadline: ContinuousClock.Instant? = nil) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.refusal != nil || Task.isCancelled { return false }
                    if state.hasPlace {
                        state.inFlight += 1
                        return true
                    }
                    state.waiters.append(Waiter(id: id, deadline: deadline, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            turnAway { $0.id == id }
        }
    }

    /// Gives the place back; `learn` tells the limit how the call went, with the number of calls that were in flight.
    func leave(_ learn: (inout AdaptiveLimit, _ inFlight: Int) -> Void) {
        let admitted = state.withLock { state in
            learn(&state.limit, state.inFlight)
            state.inFlight -= 1
            return state.admit()
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }

    /// Gives the place back after a refusal. When that says that the other system has no room at all, the gate lets nobody
    /// in for the time that is returned.
    func leaveRefused(asked: Duration?) -> Duration? {
        let (pause, id, admitted) = state.withLock { state -> (Duration?, Int, [Waiter]) in
            let pause = state.pauses.refused(inFlight: state.inFlight, asked: asked)
            state.limit.refused(inFlight: state.inFlight)
            state.inFlight -= 1
            if pause != nil {
                state.isPaused = true
                state.pauseID += 1
            }
            return (pause, state.pauseID, state.admit())
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
        if let pause {
            Task { [weak self] in
                try? await Task.sleep(for: pause)
                self?.endPause(id)
            }
        }
        return pause
    }

    /// A call was answered, be it by a refusal: the next pause is a short one again.
    func answered() {
        streak.answered()
        state.withLock { state in
            state.pauses.answered()
            state.answers &+= 1
        }
    }

    /// How many calls have been answered so far.
    var answers: Int { state.withLock { $0.answers } }

    /// Whether nobody calls, or waits for it.
    var isIdle: Bool { state.withLock { $0.inFlight == 0 && $0.waiters.isEmpty } }

    private func endPause(_ id: Int) {
        let admitted = state.withLock { state -> [Waiter] in
            guard state.pauseID == id else { return [] }
            state.isPaused = false
            return state.admit()
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }

    /// Turns everybody away until ``open()``.
    func close(_ reason: Failure) {
        state.withLock { state in
            if case .stopping = state.refusal { return }
            state.refusal = .closed(reason)
        }
        turnAway { _ in true }
    }

    /// Turns everybody away for good.
    func stop() {
        state.withLock { $0.refusal = .stopping }
        turnAway { _ in true }
    }

    /// Lets calls through again, starting with one and growing to what was borne before.
    func open() {
        state.withLock { state in
            if case .stopping = state.refusal { return }
            state.refusal = nil
            state.isPaused = false
            state.pauseID += 1
            state.limit.restart()
        }
    }

    /// Turns away whoever has waited beyond the deadline it came with.
    func turnAwayOverdue(_ now: ContinuousClock.Instant) {
        turnAway { $0.deadline.map { $0 <= now } ?? false }
    }

    private func turnAway(where matches: (Waiter) -> Bool) {
        let turnedAway = state.withLock { state in
            let leaving = state.waiters.filter(matches)
            state.waiters.removeAll(where: matches)
            return leaving
        }
        for waiter in turnedAway { waiter.continuation.resume(returning: false) }
    }
}
