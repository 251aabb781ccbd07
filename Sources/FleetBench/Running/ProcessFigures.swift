internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// What the kernel says a process has used.
struct ProcessFigures: Sendable {
    var cpuSeconds: Double
    var residentMegabytes: Double

    /// Nil when the process is gone.
    init?(of process: pid_t) {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let resident = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
        else { return nil }
        // Fields are counted after the program's name, which may contain blanks: the 12th and 13th are user and system.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]),
            let kilobytes = Double(resident.filter { $0.isASCII && $0.isNumber })
        else { return nil }
        cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        residentMegabytes = kilobytes / 1_024
    }
}

/// The clock that ledgers and messages are dated with.
enum WallClock {
    static var microseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}

/// What this process has used so far.
enum OwnUse {
    static var cpuSeconds: Double { ownUse.cpu }
    static var maximumKilobytes: Int { ownUse.kilobytes }

    /// Of all programs that it has started and that have ended.
    static var endedCPUSeconds: Double { use(of: RUSAGE_CHILDREN).cpu }

    private static var ownUse: (cpu: Double, kilobytes: Int) {
        use(of: RUSAGE_SELF)
    }

    private static func use(of whom: __rusage_who) -> (cpu: Double, kilobytes: Int) {
        var use = rusage()
        getrusage(__rusage_who_t(whom.rawValue), &use)
        let seconds = Double(use.ru_utime.tv_sec + use.ru_stime.tv_sec)
        return (seconds + Double(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6, use.ru_maxrss)
    }
}
