import FleetTesting
import Glibc
import Synchronization

/// Sends back what it gets, on a port of its own; one thread per connection, as only tests may.
final class EchoServer: Sendable {
    let port: UInt16
    private let listener: Int32

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) + listen(listener, 16) + getsockname(listener, $0, &length)
            }
        }
        guard code == 0 else { throw TestingError.system(operation: "echo server", errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
        onThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                onThread { Self.serve(connection) }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func serve(_ connection: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0, sendAll(connection, buffer[..<count]) else { break }
        }
        close(connection)
    }
}

/// A blocking client socket whose reads happen on a thread of its own.
final class Client: Sendable {
    enum End { case ended, reset }
    private struct State {
        var received: [UInt8] = []
        var end: End?
    }
    private let connection: Int32
    private let state = Mutex(State())

    init(port: UInt16) throws {
        connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        let socket = connection
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            defer { close(socket) }
            throw TestingError.system(operation: "connect", errno: errno)
        }
        onThread { [self] in collect() }
    }

    func send(_ text: String) { _ = sendAll(connection, Array(text.utf8)[...]) }

    func endSending() { shutdown(connection, Int32(SHUT_WR)) }

    func receive(_ count: Int, within limit: Duration = .seconds(10)) async throws -> String {
        try await eventually(within: limit, "\(count) bytes") {
            state.withLock { state in
                guard state.received.count >= count else { return nil }
                defer { state.received.removeFirst(count) }
                return String(decoding: state.received[..<count], as: UTF8.self)
            }
        }
    }

    func waitForEnd() async throws -> End { try await eventually("the end") { state.withLock { $0.end } } }

    private func collect() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(connection, &buffer, buffer.count)
            let code = errno
            state.withLock {
                if count > 0 {
                    $0.received += buffer[..<count]
                } else {
                    $0.end = count < 0 && code == ECONNRESET ? .reset : .ended
                }
            }
            guard count > 0 else { break }
        }
        close(connection)
    }
}

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

private func sendAll(_ connection: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

private func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        {
            if let argument = $0 { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}
