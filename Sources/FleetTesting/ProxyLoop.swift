import Glibc
import Synchronization

/// The proxy's thread: sleeps in poll(2) on every socket and the wake-up pipe, and moves what the mode lets pass.
struct ProxyLoop {
    var listener: ProxyListener
    let serverPort: UInt16
    let wakeUp: Int32
    let state: SharedState
    private var links: [ProxyLink] = []
    private var mode = FaultProxy.Mode.pass
    private var resetsDone = 0
    private var seen = 0
    private var countdown = 0
    private let clock = ContinuousClock()

    init(listener: ProxyListener, serverPort: UInt16, wakeUp: Int32, state: SharedState) {
        self.listener = listener
        self.serverPort = serverPort
        self.wakeUp = wakeUp
        self.state = state
    }

    mutating func run() {
        while follow() {
            state.value.withLock { $0.followed = seen }
            let now = clock.now
            for index in links.indices { move(index, now) }
            links.removeAll { $0.isClosed }
            state.value.withLock { $0.connections = links.count }
            sleep(now)
        }
        resetLinks()
        listener.closeAll()
        close(wakeUp)
        state.value.withLock { $0.followed = .max }
    }

    /// Takes over what was asked for from outside; false at the end.
    private mutating func follow() -> Bool {
        let (wanted, resets, stopped) = state.value.withLock {
            seen = $0.wished
            return ($0.mode, $0.resetRequests, $0.stopped)
        }
        guard !stopped else { return false }
        if resets != resetsDone {
            resetsDone = resets
            resetLinks()
        }
        guard wanted != mode else { return true }
        mode = wanted
        switch mode {
        case .reset: resetLinks()
        case .refuse:
            listener.closeListening()
            resetLinks()
        case .resetAfter(let bytes, _): countdown = bytes
        case .pass, .blackhole, .latency, .oneByteAtATime: break
        }
        if mode != .refuse { try? listener.open() }
        return true
    }

    private mutating func resetLinks() {
        for index in links.indices { links[index].reset() }
        links.removeAll()
        state.value.withLock { $0.connections = 0 }
    }

    private mutating func move(_ index: Int, _ now: ContinuousClock.Instant) {
        for direction in [FaultProxy.Direction.toServer, .toClient] where !links[index].isClosed {
            guard !isHeld(direction) else { continue }
            let written = links[index].move(
                direction, now: now, delay: delay, chunk: mode == .oneByteAtATime ? 1 : .max, limit: limit(direction))
            guard written > 0 else { continue }
            state.value.withLock {
                if direction == .toServer { $0.bytesToServer += written } else { $0.bytesToClient += written }
            }
            count(written, direction)
        }
    }

    private func isHeld(_ direction: FaultProxy.Direction) -> Bool {
        guard case .blackhole(let held) = mode else { return false }
        return held == .both || held == direction
    }

    private var delay: Duration {
        if case .latency(let delay) = mode { delay } else { .zero }
    }

    private func limit(_ direction: FaultProxy.Direction) -> Int {
        if case .resetAfter(_, let counted) = mode, counted == .both || counted == direction { countdown } else { .max }
    }

    private mutating func count(_ written: Int, _ direction: FaultProxy.Direction) {
        guard limit(direction) != .max else { return }
        countdown -= written
        guard countdown <= 0 else { return }
        let spent = mode
        mode = .pass
        // Not when another mode was chosen in the meantime; and before the client learns that it is over.
        state.value.withLock { if $0.mode == spent { $0.mode = .pass } }
        for index in links.indices { links[index].reset() }
    }

    private mutating func sleep(_ now: ContinuousClock.Instant) {
        var waiting = [
            pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        for link in links {
            waiting.append(link.interest(client: true, reads: !isHeld(.toServer), writes: !isHeld(.toClient), now))
            waiting.append(link.interest(client: false, reads: !isHeld(.toClient), writes: !isHeld(.toServer), now))
        }
        let due = links.compactMap(\.nextDue).min().map { max(0, ($0 - now).milliseconds + 1) }
        guard poll(&waiting, nfds_t(waiting.count), due.map { Int32(clamping: $0) } ?? -1) > 0 else { return }
        if waiting[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 256)
            _ = read(wakeUp, &bytes, bytes.count)
        }
        for index in links.indices { links[index].note(waiting[2 + index * 2], waiting[3 + index * 2]) }
        // Last, since it adds a link that was not asked about.
        if waiting[1].revents != 0 { accept() }
    }

    private mutating func accept() {
        let listening = listener.descriptor
        let client = descriptorLock.withLock { _ in
            let socket = Glibc.accept(listening, nil, nil)
            if socket >= 0 { mark(socket, nonBlocking: true) }
            return socket
        }
        guard client >= 0 else { return }
        state.value.withLock { $0.accepted += 1 }
        guard mode != .reset, let server = try? connectLoopback(serverPort) else { return resetAndClose(client) }
        setNoDelay(client)
        links.append(ProxyLink(client: client, server: server))
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000)
    }
}
