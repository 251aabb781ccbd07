import NIOCore
import Synchronization

/// Whether the ERP's port is open at all. Going down closes the listening socket and every connection: connections are
/// then refused by the operating system, as by a machine whose ERP has stopped.
final class Gate: Sendable {
    private struct State {
        var isDown = false
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
            if !state.isDown { connections.accept() }
            return state.isDown
        }
        if isDown { listener.close(promise: nil) }
    }

    /// Closes the port until `goUp`; each future is done when the port or one of its connections is closed.
    func goDown() -> [EventLoopFuture<Void>] {
        let listener = state.withLock { state in
            state.isDown = true
            state.outages += 1
            connections.refuse()
            defer { state.listener = nil }
            return state.listener
        }
        listener?.close(promise: nil)
        return (listener.map { [$0.closeFuture] } ?? []) + connections.closeAll()
    }

    /// Opens the port again.
    func goUp() {
        let waiters = state.withLock { state in
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
