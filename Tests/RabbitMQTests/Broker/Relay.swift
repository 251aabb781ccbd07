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
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
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
            guard !state.withLock({ $0.isRefusing }), let server = connectToTarget() else {
                close(client)
                continue
            }
            state.withLock { $0.sockets.formUnion([client, server]) }
            Thread.detachNewThread { self.pump(client, server, fromBroker: false) }
            Thread.detachNewThread { self.pump(server, client, fromBroker: true) }
        }
        close(listener)
    }

    private func connectToTarget() -> Int32? {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(target)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(server)
            return nil
        }
        return server
    }

    /// Descriptors are left open on purpose: closing them under the other direction could hit a stranger.
    private func pump(_ source: Int32, _ sink: Int32, fromBroker: Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            if state.withLock({ $0.isSilent }) { continue }
            if fromBroker { damaged(&buffer, count: count) }
            var sent = 0
            while sent < count {
                let step = buffer.withUnsafeBytes { bytes in
                    send(sink, bytes.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
                }
                guard step > 0 else { break }
                sent += step
            }
            if sent < count { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
