internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// What the kernel says of a process's memory.
enum ProcessMemory {
    /// The bytes that it has in memory; nil when it is gone.
    static func resident(_ process: pid_t) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        return resident(inStatus: status)
    }

    static func resident(inStatus text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter { $0.isASCII && $0.isNumber }) }.map { $0 * 1_024 }
    }
}
