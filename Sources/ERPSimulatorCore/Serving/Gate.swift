import NIOCore
import Synchronization

/// Whether the ERP's port is open at all. Going down closes the listening socket and every connection: connections are
/// then refused by the operating system, as by a machine whose ERP has stopped.
final class Gate: Sendable {
    private struct State {
        var isDown = false
        /// Tells a timed outage from the one after it.
        var outages = 0
        var listener: (any Channel)?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let connections = Connections()
    private let state = Mutex(State())

    /// How often the port was closed so far.
    var outages: Int { state.withLock { $0.outages } }

    /// The listening socket is open; at once closed again when the ERP went down meanwhile.
    func opened(_ listener: any Channel) {
        let isDown = state.withLock { state in
            state.listener = listener
            return state.isDown
        }
        if isDown { listener.close(promise: nil) }
    }

    /// Closes the port; for a time, after which `onEnd` is told, or until `goUp`.
    func goDown(for time: Duration?, onEnd: @escaping @Sendable () -> Void = {}) {
        let (listener, outage) = state.withLock { state in
            state.isDown = true
            state.outages += 1
            defer { state.listener = nil }
            return (state.listener, state.outages)
        }
        listener?.close(promise: nil)
        connections.closeAll()
        guard let time else { return }
        Task {
            try? await Task.sleep(for: time)
            onEnd()
            goUp(after: outage)
        }
    }

    /// Opens the port again; an outage's own end does not end a later outage.
    func goUp(after outage: Int? = nil) {
        let waiters = state.withLock { state in
            guard outage == nil || outage == state.outages else { return [CheckedContinuation<Void, Never>]() }
            state.isDown = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the port may be open, or the task is cancelled.
    func untilUp() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isUp = state.withLock { state in
                    let isUp = !state.isDown || Task.isCancelled
                    if !isUp { state.waiters.append(continuation) }
                    return isUp
                }
                if isUp { continuation.resume() }
            }
        } onCancel: {
            for waiter in takeWaiters() { waiter.resume() }
        }
    }

    private func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
    }
}
