import Glibc

/// One client's connection and the one to the server that belongs to it.
struct ProxyLink {
    /// Bytes on their way in one direction.
    private struct Lane {
        var chunks: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
        var waiting = 0
        var sourceEnded = false
        var endPassedOn = false
        var readable = false

        /// Past this much waiting, reading pauses: the proxy pushes back as the server would.
        var hasRoom: Bool { waiting < 1 << 20 }
    }

    private let client: Int32
    private let server: Int32
    private var toServer = Lane()
    private var toClient = Lane()
    private(set) var isClosed = false

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    /// When the earliest bytes may be written that may not yet be.
    var nextDue: ContinuousClock.Instant? {
        let now = ContinuousClock.now
        return [toServer.chunks.first?.due, toClient.chunks.first?.due].compactMap { $0 }.filter { $0 > now }.min()
    }

    /// What to wait for at one of the two sockets.
    func interest(client isClient: Bool, reads: Bool, writes: Bool, _ now: ContinuousClock.Instant) -> pollfd {
        let inward = isClient ? toServer : toClient
        let outward = isClient ? toClient : toServer
        var events: Int32 = 0
        if reads, !inward.sourceEnded, inward.hasRoom { events |= Int32(POLLIN) }
        if writes, let first = outward.chunks.first, first.due <= now { events |= Int32(POLLOUT) }
        // Without an interest the descriptor is left out: poll would report a hang-up again and again.
        return pollfd(fd: events == 0 ? -1 : isClient ? client : server, events: Int16(events), revents: 0)
    }

    /// Takes over what poll said.
    mutating func note(_ atClient: pollfd, _ atServer: pollfd) {
        let signs = Int32(POLLIN) | Int32(POLLHUP) | Int32(POLLERR)
        toServer.readable = Int32(atClient.revents) & signs != 0
        toClient.readable = Int32(atServer.revents) & signs != 0
    }

    /// Reads what is there and writes what is due; returns how many bytes were written.
    mutating func move(
        _ direction: FaultProxy.Direction, now: ContinuousClock.Instant, delay: Duration, chunk: Int, limit: Int
    ) -> Int {
        let (source, target) = direction == .toServer ? (client, server) : (server, client)
        let lane = direction == .toServer ? \ProxyLink.toServer : \ProxyLink.toClient
        if self[keyPath: lane].readable { read(lane, from: source, due: now.advanced(by: delay)) }
        let written = write(lane, to: target, now: now, chunk: chunk, limit: limit)
        passEndOn(lane, to: target)
        if toServer.endPassedOn, toClient.endPassedOn { shut { _ = close($0) } }
        return written
    }

    /// Breaks both connections with RST.
    mutating func reset() { shut(resetAndClose) }

    private mutating func shut(_ end: (Int32) -> Void) {
        guard !isClosed else { return }
        isClosed = true
        end(client)
        end(server)
    }

    private mutating func read(_ lane: WritableKeyPath<Self, Lane>, from source: Int32, due: ContinuousClock.Instant) {
        self[keyPath: lane].readable = false
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(source, &buffer, buffer.count)
        if count > 0 {
            self[keyPath: lane].chunks.append((due, buffer[..<count]))
            self[keyPath: lane].waiting += count
        } else if count == 0 {
            self[keyPath: lane].sourceEnded = true
        } else if errno != EAGAIN, errno != EINTR {
            // One side was reset, or the server refused: the other side learns the same.
            reset()
        }
    }

    private mutating func write(
        _ lane: WritableKeyPath<Self, Lane>, to target: Int32, now: ContinuousClock.Instant, chunk: Int, limit: Int
    ) -> Int {
        var written = 0
        // A bound on one turn, so that no connection keeps the others waiting.
        for _ in 0..<4096 {
            guard !isClosed, written < limit, let (due, bytes) = self[keyPath: lane].chunks.first, due <= now else {
                break
            }
            let size = min(bytes.count, chunk, limit - written)
            let count = bytes.withUnsafeBytes { send(target, $0.baseAddress, size, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else {
                if errno != EAGAIN, errno != EINTR, errno != ENOTCONN { reset() }
                break
            }
            written += count
            self[keyPath: lane].waiting -= count
            if count == bytes.count {
                self[keyPath: lane].chunks.removeFirst()
            } else {
                self[keyPath: lane].chunks[0].bytes = bytes.dropFirst(count)
            }
        }
        return written
    }

    private mutating func passEndOn(_ lane: WritableKeyPath<Self, Lane>, to target: Int32) {
        let state = self[keyPath: lane]
        guard state.sourceEnded, !state.endPassedOn, state.chunks.isEmpty, !isClosed else { return }
        shutdown(target, Int32(SHUT_WR))
        self[keyPath: lane].endPassedOn = true
    }
}
