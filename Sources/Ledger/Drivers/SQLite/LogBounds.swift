internal import Glibc

/// How far the write-ahead log may grow, in frames: as the options say, or less on a disk with little room.
///
/// Copying the log takes room in the file while the log still takes its own. A log that has filled the disk can neither grow
/// nor be copied, so that on a small disk it is copied while there is room for that.
struct LogBounds {
    /// How much is added until the log is copied.
    private(set) var step: Int32
    /// From here on writers wait for readers, so that the log can start from its beginning.
    private(set) var limit: Int32

    private let path: String
    private let (longestStep, longestLog): (Int32, Int32)
    private var nextLook: Int32 = 0

    /// 1 MiB: shorter steps would copy the same pages again and again.
    static let shortestStep = frames(1 << 20)
    /// So much of the free room may the log take until it is copied: it may not be alone on the disk.
    private static let share = 4

    init(path: String, options: LedgerOptions) {
        self.path = path
        (longestStep, longestLog) = (Self.frames(options.checkpointEvery), Self.frames(options.logLimit))
        (step, limit) = (longestStep, longestLog)
    }

    /// Looks at the disk, once for each ``shortestStep`` that the log has grown.
    mutating func look(at frames: Int32) {
        guard frames >= nextLook || frames &+ Self.shortestStep < nextLook else { return }
        nextLook = frames &+ Self.shortestStep
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return }
        let bytes = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        bound(byRoom: bytes.overflow ? .max : Int(clamping: bytes.partialValue))
    }

    /// Sets the bounds for so many free bytes.
    mutating func bound(byRoom bytes: Int) {
        step = min(longestStep, max(Self.shortestStep, Self.frames(bytes / Self.share)))
        limit = step < longestStep ? min(longestLog, step &* 4) : longestLog
    }

    private static func frames(_ bytes: Int) -> Int32 { Int32(clamping: max(1, bytes / 4096)) }
}
