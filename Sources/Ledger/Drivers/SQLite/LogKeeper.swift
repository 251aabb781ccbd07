internal import CSQLite

/// Keeps the write-ahead log short: copies it into the database between commits, and when readers have kept it from being
/// reused until it is over the limit, waits a moment for them and cuts it back.
final class LogKeeper {
    private let connection: SQLiteConnection
    private let step: Int32
    private let limit: Int32
    private var nextCopy: Int32
    private var nextCut: Int32

    init(connection: SQLiteConnection, options: LedgerOptions) {
        self.connection = connection
        step = Self.frames(options.checkpointEvery)
        limit = Self.frames(options.logLimit)
        nextCopy = step
        nextCut = limit
    }

    /// Called after each commit, when its callers have been answered.
    func keepShort() {
        let frames = connection.logFrames.pointee
        if frames < step {
            // The log has started from its beginning again.
            nextCopy = step
            nextCut = limit
        }
        guard frames >= nextCopy else { return }
        if frames >= nextCut {
            cut(frames)
        } else {
            // A failure here is no loss: the log keeps everything, and the next commit or copy tells what is wrong.
            sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
        nextCopy = frames &+ step
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
