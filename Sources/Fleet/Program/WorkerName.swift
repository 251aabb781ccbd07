#if canImport(Glibc)
    internal import Glibc
#endif

/// Names one running process, never two: lease holder, connection name and journal column.
enum WorkerName {
    static func make(program: String) -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(program)@\(hostName):\(getpid())-\(random)"
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
