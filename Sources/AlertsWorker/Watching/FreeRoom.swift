internal import Glibc

/// How much room there is for the ledger.
struct FreeRoom: Hashable, Sendable {
    /// What a program without special rights may still write to the file system, in bytes.
    var free: Int64
    /// The whole file system.
    var size: Int64
    /// What the ledger's file takes.
    var ledger: Int64 = 0

    /// With less than this a write that succeeds proves nothing: the write-ahead log may have had room of its own left.
    static let least: Int64 = 1 << 20

    /// Of the file system that the ledger is on, also when its path is a link; nil when that does not say.
    static func around(_ path: String) -> FreeRoom? {
        var status = statvfs()
        var result = statvfs(path, &status)
        if result != 0 { result = statvfs(directory(of: path), &status) }
        guard result == 0, status.f_blocks > 0 else { return nil }
        var file = stat()
        let isThere = stat(path, &file) == 0
        let unit = UInt64(status.f_frsize)
        return FreeRoom(
            free: product(UInt64(status.f_bavail), unit), size: product(UInt64(status.f_blocks), unit),
            ledger: isThere ? Int64(file.st_size) : 0)
    }

    /// The folder that it lies in.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func product(_ count: UInt64, _ unit: UInt64) -> Int64 {
        let (bytes, isTooMany) = count.multipliedReportingOverflow(by: unit)
        return isTooMany ? .max : Int64(clamping: bytes)
    }
}

extension FreeRoom {
    private static let units = ["B", "kB", "MB", "GB", "TB", "PB"]

    /// `5 GB`, `1.3 GB`, in powers of a thousand.
    static func text(_ bytes: Int64) -> String {
        var (value, unit) = (Double(max(bytes, 0)), 0)
        while value >= 999.5, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        let isWhole = tenths >= 100 || tenths % 10 == 0
        return (isWhole ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)") + " \(units[unit])"
    }

    /// The next round amount above this one: 1, 2 or 5 with zeros, from 1 MB on. Texts that say it change seldom.
    static func step(above bytes: Int64) -> Int64 {
        var decade: Int64 = 1_000_000
        while decade < Int64.max / 100 {
            if let step = [decade, decade * 2, decade * 5].first(where: { $0 > bytes }) { return step }
            decade *= 10
        }
        return .max
    }
}
