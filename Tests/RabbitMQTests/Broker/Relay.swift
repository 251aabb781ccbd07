import Foundation
import Synchronization

/// A TCP relay in front of the broker that can cut its connections, refuse new ones, or swallow all bytes.
final class Relay: Sendable {
    private struct State {
        var sockets: Set<Int32> = []
        var isRefusing = false
        var isSilent = false
        var damage: SeededRandom?
    }

    let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    init(to target: UInt16) throws {
        self.target = target
        (listener, port) = try Loopback.listen()
        Thread.detachNewThread { self.accepting() }
    }

    var url: String { "amqp://127.0.0.1:\(port)" }

    /// Breaks every connection.
    func cut() {
        state.withLock { state in
            for descriptor in state.sockets { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Connections are broken as soon as they are made.
    func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

    /// Nothing passes any more, but connections stay open: a black hole.
    func silence(_ isSilent: Bool) { state.withLock { $0.isSilent = isSilent } }

    /// From now on some of the bytes that the broker sends arrive changed.
    func damage(seed: UInt64) { state.withLock { $0.damage = SeededRandom(seed: seed) } }

    private func damaged(_ bytes: inout [UInt8], count: Int) {
        state.withLock { state in
            guard var random = state.damage else { return }
            for _ in 0..<Int.random(in: 0..<3, using: &random) {
                bytes[Int.random(in: 0..<count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            state.damage = random
        }
    }

    /// No more connections, and the end of those there are.
    func stop() {
        refuse(true)
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
    }

    private func accepting() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            guard !state.withLock({ $0.isRefusing }), let server = Loopback.connect(to: target) else {
                close(client)
                continue
            }
            state.withLock { $0.sockets.formUnion([client, server]) }
            Thread.detachNewThread { self.pump(client, server, fromBroker: false) }
            Thread.detachNewThread { self.pump(server, client, fromBroker: true) }
        }
        close(listener)
    }

    /// Descriptors are left open on purpose: closing them under the other direction could hit a stranger.
    private func pump(_ source: Int32, _ sink: Int32, fromBroker: Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            if state.withLock({ $0.isSilent }) { continue }
            if fromBroker { damaged(&buffer, count: count) }
            guard Loopback.send(Array(buffer[..<count]), to: sink) else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }
}
