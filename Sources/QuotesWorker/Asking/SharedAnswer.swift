internal import Synchronization

/// An answer that several wait for, each only so long.
final class SharedAnswer<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiting: [Int: CheckedContinuation<Value?, Never>] = [:]
        var next = 0
        /// Waits that ended before they had begun.
        var gone: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Answers whoever waits, and whoever comes; only the first answer counts.
    func open(_ value: Value) {
        let waiting = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value?, Never>]() }
            state.value = value
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// The answer; nil when there is none until then, or when the task is cancelled before.
    func wait(until deadline: ContinuousClock.Instant) async -> Value? {
        if let value = state.withLock({ $0.value }) { return value }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = Task {
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
            giveUp(number)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(number, $0) }
        } onCancel: {
            giveUp(number)
        }
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Value?, Never>) {
        let answer: Value?? = state.withLock { state in
            if let value = state.value { return .some(value) }
            if state.gone.remove(number) != nil { return .some(nil) }
            state.waiting[number] = continuation
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func giveUp(_ number: Int) {
        let continuation = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: number)
            if waiting == nil, state.value == nil { state.gone.insert(number) }
            return waiting
        }
        continuation?.resume(returning: nil)
    }
}
