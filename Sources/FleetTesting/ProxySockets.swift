import Glibc

/// A listening socket that can be closed and opened again on the same port: a second socket, bound but never
/// listening, keeps the port from being given to anyone else. Connections to such a port are refused.
struct ProxyListener: Sendable {
    let port: UInt16
    private let reservation: Int32
    private(set) var descriptor: Int32 = -1

    init() throws(TestingError) {
        reservation = try Self.bound(to: 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = reservation
        try check("getsockname") {
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try open()
    }

    mutating func open() throws(TestingError) {
        guard descriptor < 0 else { return }
        let socket = try Self.bound(to: port)
        try check("listen") { listen(socket, 128) }
        descriptor = socket
    }

    mutating func closeListening() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    mutating func closeAll() {
        closeListening()
        close(reservation)
    }

    private static func bound(to port: UInt16) throws(TestingError) -> Int32 {
        let socket = try makeSocket()
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        try withLoopbackAddress(port) { address, length throws(TestingError) in
            _ = try check("bind") { bind(socket, address, length) }
        }
        return socket
    }
}

func makeSocket() throws(TestingError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    return try check("socket") { socket(AF_INET, type, 0) }
}

/// Begins a connection to a port of 127.0.0.1; the outcome shows when the socket becomes writable.
func connectLoopback(_ port: UInt16) throws(TestingError) -> Int32 {
    let socket = try makeSocket()
    setNoDelay(socket)
    withLoopbackAddress(port) { address, length in _ = connect(socket, address, length) }
    return socket
}

/// Without it the kernel would join bytes that were written one at a time.
func setNoDelay(_ socket: Int32) {
    var on: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
}

/// Closes with RST instead of FIN, and throws away what was not sent.
func resetAndClose(_ socket: Int32) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    close(socket)
}

func withLoopbackAddress<Result, Failure>(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Failure) -> Result
) throws(Failure) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return try withUnsafePointer(to: &address) { pointer throws(Failure) in
        try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic throws(Failure) in
            try body(generic, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
