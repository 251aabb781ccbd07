import Glibc
import Synchronization

/// A TCP server that does to each connection exactly what a test says, on a thread of its own.
final class RawServer: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let accepted = Atomic<Int>(0)
    private let requests = Atomic<Int>(0)

    /// How many connections were accepted.
    var connections: Int { accepted.load(ordering: .acquiring) }
    /// How many request heads were read.
    var heads: Int { requests.load(ordering: .acquiring) }
    var url: String { "http://127.0.0.1:\(port)/" }

    /// `script` runs once per connection, one connection after the other; the descriptor is closed after it.
    init(_ script: @escaping @Sendable (RawConnection) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, size) == 0, listen(descriptor, 64) == 0 else { return UInt16(0) }
                getsockname(descriptor, generic, &size)
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
        guard port != 0 else { throw POSIXFailure(code: errno) }
        self.port = port
        self.descriptor = descriptor
        start(script)
    }

    /// Refuses connections from now on; called once.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func start(_ script: @escaping @Sendable (RawConnection) -> Void) {
        let box = Unmanaged.passRetained(Script(server: self, body: script))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let script = Unmanaged<Script>.fromOpaque(argument).takeRetainedValue()
                script.server.serve(script.body)
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private func serve(_ script: (RawConnection) -> Void) {
        while true {
            let connection = accept(descriptor, nil, nil)
            // Closed here alone: under a closed number this thread might accept from the next server that gets it.
            guard connection >= 0 else {
                close(descriptor)
                return
            }
            accepted.wrappingAdd(1, ordering: .releasing)
            script(RawConnection(descriptor: connection) { self.requests.wrappingAdd(1, ordering: .releasing) })
            close(connection)
        }
    }

    private final class Script {
        let server: RawServer
        let body: @Sendable (RawConnection) -> Void

        init(server: RawServer, body: @escaping @Sendable (RawConnection) -> Void) {
            self.server = server
            self.body = body
        }
    }
}

struct POSIXFailure: Error {
    var code: Int32
}

/// One accepted connection.
struct RawConnection {
    let descriptor: Int32
    let onHead: () -> Void

    /// Reads up to the blank line; false when the peer has gone.
    @discardableResult
    func readHead() -> Bool {
        var seen: [UInt8] = []
        var byte: UInt8 = 0
        while !seen.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(descriptor, &byte, 1, 0) == 1 else { return false }
            seen.append(byte)
        }
        onHead()
        return true
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Waits until the peer closes.
    func drain() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {}
    }
}
