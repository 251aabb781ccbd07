internal import Synchronization

/// Lets tasks wait until a number of threads have ended.
final class ThreadEnds: Sendable {
    private struct State {
        var running: Int
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(running: count))
    }

    func signal() {
        let waiting = state.withLock { state in
            state.running -= 1
            guard state.running <= 0 else { return [UnsafeContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withUnsafeContinuation { continuation in
            let isOver = state.withLock { state in
                if state.running > 0 { state.waiting.append(continuation) }
                return state.running <= 0
            }
            if isOver { continuation.resume() }
        }
    }
}
