internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Ports on 127.0.0.1 that nobody listens on.
enum FreePorts {
    /// So many neighbours, below those that the kernel takes outgoing connections from.
    static func take(_ count: Int) throws(ProgramError) -> Int {
        for _ in 0..<500 {
            let first = 10_000 + Int.random(in: 0..<1_500) * 10
            if (first..<first + count).allSatisfy(isFree) { return first }
        }
        throw RehearsalError.noPorts()
    }

    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        } == 0
    }
}
