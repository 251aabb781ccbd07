/// How a ledger behaves on this machine; the defaults suit a worker.
public struct LedgerOptions: Sendable {
    /// How long a write waits for other processes that are writing. Defaults to 10 seconds.
    public var busyTimeout: Duration
    /// How long one read may take; a longer one is stopped so that the write-ahead log can be reused. Defaults to 30 seconds.
    public var readTimeout: Duration
    /// From this size of the write-ahead log on, writers wait for readers and cut it back. Defaults to 128 MiB.
    public var logLimit: Int
    /// The log is copied into the database each time it has grown by this much. Defaults to 32 MiB:
    /// pages that change often are then copied once instead of many times. On a disk with less than four times as much
    /// free room it is copied each time it has grown by a quarter of that room, or by 1 MiB if that is more.
    public var checkpointEvery: Int
    /// The writer's page cache. Defaults to 2 MiB; the file is in the system's cache too.
    public var cacheSize: Int
    /// Bodies from this size on are compressed. Defaults to 2 KiB: below, the time costs more than the room.
    public var compressFrom: Int
    /// Files up to this size are checked for damage each time they are opened. Defaults to 16 MiB.
    public var checkUpTo: Int
    /// How many writes may share one commit. Defaults to 256.
    public var groupLimit: Int
    /// The file's largest size in pages of 4 KiB; nil for no limit. Tests use it as a full disk.
    public var maximumPages: Int?

    /// All defaults.
    public init(
        busyTimeout: Duration = .seconds(10), readTimeout: Duration = .seconds(30), logLimit: Int = 128 << 20,
        checkpointEvery: Int = 32 << 20, cacheSize: Int = 2 << 20, compressFrom: Int = 2048,
        checkUpTo: Int = 16 << 20, groupLimit: Int = 256, maximumPages: Int? = nil
    ) {
        self.busyTimeout = busyTimeout
        self.readTimeout = readTimeout
        self.logLimit = logLimit
        self.checkpointEvery = checkpointEvery
        self.cacheSize = cacheSize
        self.compressFrom = compressFrom
        self.checkUpTo = checkUpTo
        self.groupLimit = groupLimit
        self.maximumPages = maximumPages
    }
}
