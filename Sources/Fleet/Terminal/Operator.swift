#if canImport(Glibc)
    internal import Glibc
#endif

/// The person at the keyboard.
package enum Operator {
    /// `anna@console-2`.
    package static var name: String {
        let environment = ProgramLauncher.environment
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let host = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let account = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        return (environment["SUDO_USER"] ?? account ?? "uid-\(getuid())") + "@" + host
    }
}
