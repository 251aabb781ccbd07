import Glibc
import Synchronization

/// A TCP proxy on 127.0.0.1 that breaks the connection in the ways networks do; switched while connections are open.
///
/// One thread moves the bytes of all connections. When the last reference goes, or at ``stop()``, every connection is
/// reset and the port is free again.
public final class FaultProxy: Sendable {
    /// What happens to the bytes.
    public enum Mode: Hashable, Sendable {
        /// They pass.
        case pass
        /// They stop, and no one is told: as when packets are dropped. What was held passes when the mode changes.
        case blackhole(Direction = .both)
        /// Open connections are reset (RST), and each new one as soon as it is accepted.
        case reset
        /// Each chunk arrives this much later.
        case latency(Duration)
        /// Each byte is written by itself.
        case oneByteAtATime
        /// Open connections are reset, and nothing listens: new connections are refused.
        case refuse
        /// After this many more bytes in that direction, counted over all connections, every connection is reset and
        /// the mode is `pass` again. For breaking a conversation at an exact place.
        case resetAfter(bytes: Int, Direction)
    }

    /// Seen from the program under test.
    public enum Direction: Hashable, Sendable {
        /// What it sends.
        case toServer
        /// What it receives.
        case toClient
        /// Both.
        case both
    }

    struct Shared {
        var mode = Mode.pass
        /// Counts the wishes; the thread says which one it has followed.
        var wished = 0
        var followed = 0
        var resetRequests = 0
        var stopped = false
        var connections = 0
        var accepted = 0
        var bytesToServer = 0
        var bytesToClient = 0
    }

    /// The port it listens on.
    public let port: UInt16
    private let shared: SharedState
    private let wake: Int32

    /// Listens on a free port of 127.0.0.1 and connects each client to the server's port there.
    public init(toPort serverPort: UInt16) throws(TestingError) {
        let wakeUp = try makePipe(nonBlocking: true)
        let state = SharedState()
        var listener: ProxyListener
        do throws(TestingError) {
            listener = try ProxyListener()
        } catch {
            close(wakeUp.read)
            close(wakeUp.write)
            throw error
        }
        port = listener.port
        shared = state
        wake = wakeUp.write
        let owned = listener
        try startThread {
            var loop = ProxyLoop(listener: owned, serverPort: serverPort, wakeUp: wakeUp.read, state: state)
            loop.run()
        }
    }

    deinit {
        stop()
        close(wake)
    }

    /// The mode now. When setting returns, the new one has taken hold.
    public var mode: Mode {
        get { shared.value.withLock { $0.mode } }
        set { wish { $0.mode = newValue } }
    }

    /// Resets every open connection once; new ones go by the mode.
    public func resetConnections() { wish { $0.resetRequests += 1 } }

    /// Open connections.
    public var connections: Int { shared.value.withLock { $0.connections } }

    /// Connections accepted since the start.
    public var acceptedConnections: Int { shared.value.withLock { $0.accepted } }

    /// Bytes written to the server since the start.
    public var bytesToServer: Int { shared.value.withLock { $0.bytesToServer } }

    /// Bytes written to the client since the start.
    public var bytesToClient: Int { shared.value.withLock { $0.bytesToClient } }

    /// Ends the proxy. Nothing listens afterwards.
    public func stop() { wish { $0.stopped = true } }

    /// The URL with host and port replaced by the proxy's: `amqp://user:secret@127.0.0.1:<port>/vhost`.
    public func url(insteadOf url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let user = rest[..<end].lastIndex(of: "@").map { rest[...$0] } ?? ""
        return url[..<scheme.upperBound] + user + "127.0.0.1:\(port)" + rest[end...]
    }

    /// Wakes the thread and waits until it has followed, which takes it a fraction of a millisecond.
    private func wish(_ change: (inout Shared) -> Void) {
        let number = shared.value.withLock { state in
            change(&state)
            state.wished += 1
            return state.wished
        }
        var byte: UInt8 = 1
        _ = write(wake, &byte, 1)
        while shared.value.withLock({ $0.followed < number }) { usleep(50) }
    }
}

/// What the proxy's thread and its users share.
final class SharedState: Sendable {
    let value = Mutex(FaultProxy.Shared())
}
