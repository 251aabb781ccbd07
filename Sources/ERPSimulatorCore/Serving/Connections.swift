import NIOCore
import Synchronization

/// The open connections, so that an ERP that goes down can take them with it.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var areRefused = false
    }

    private let state = Mutex(State())

    /// The port is being closed. What was accepted at the last moment belongs to no server any more, and swift-nio traps
    /// when such a connection becomes active.
    var areRefused: Bool { state.withLock { $0.areRefused } }

    func insert(_ channel: any Channel) {
        state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
    }

    func remove(_ channel: any Channel) {
        state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
    }

    /// The port is open again.
    func accept() { state.withLock { $0.areRefused = false } }

    /// No connection is let in any more; call before the port is closed.
    func refuse() { state.withLock { $0.areRefused = true } }

    /// Begins to close every connection; each future is done when that one is closed.
    func closeAll() -> [EventLoopFuture<Void>] {
        state.withLock { Array($0.channels.values) }.map { channel in
            channel.close(promise: nil)
            return channel.closeFuture
        }
    }
}
