internal import CSQLite

/// Keeps the write-ahead log short without making writers wait.
///
/// The long part, copying the log into the database, is done by a thread of its own while writing goes on. When it is through,
/// the writer copies the little that has come since; then SQLite starts the log from its beginning. When readers have kept
/// that from happening until the log is over its limit, the writer waits a moment for them and cuts it back.
final class LogKeeper {
    private let connection: SQLiteConnection
    private let copier: LogCopier
    private let step: Int32
    private let limit: Int32
    private var nextCopy: Int32
    private var nextCut: Int32
    private var lastFrames: Int32 = 0

    init(connection: SQLiteConnection, copier: LogCopier, options: LedgerOptions) {
        self.connection = connection
        self.copier = copier
        step = Self.frames(options.checkpointEvery)
        limit = Self.frames(options.logLimit)
        nextCopy = step
        nextCut = limit
    }

    /// Called after each commit, when its callers have been answered.
    func keepShort() {
        let frames = connection.logFrames.pointee
        if frames < lastFrames {
            // The log has started from its beginning again.
            nextCopy = step
            nextCut = limit
        }
        lastFrames = frames
        if copier.takeDone() {
            // A failure is no loss: the log keeps everything, and the next commit tells what is wrong.
            sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            nextCopy = frames &+ step
        }
        if frames >= nextCut { return cut(frames) }
        if frames >= nextCopy, copier.start() { nextCopy = frames &+ step }
    }

    private func cut(_ frames: Int32) {
        let status = connection.patience.shortened(to: .milliseconds(250)) {
            sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        }
        if status == SQLITE_OK { connection.logFrames.pointee = 0 }
        nextCut = status == SQLITE_OK ? limit : frames &+ max(step, limit / 4)
    }

    private static func frames(_ bytes: Int) -> Int32 {
        Int32(clamping: max(1, bytes / 4096))
    }
}
