internal import CSQLite
internal import Glibc

/// Keeps the write-ahead log short without making writers wait.
///
/// The long part, copying the log into the database, is done by a thread of its own while writing goes on. When it is through,
/// the writer copies the little that has come since; then SQLite starts the log from its beginning, and cuts the file
/// back to its limit. When readers have kept that from happening until the log is over its limit, the writer waits a moment
/// for them.
///
/// The writer holds the write lock for its part: nobody else adds to the log meanwhile, so that the copy is whole, and
/// nobody starts it from its beginning under the copy, which SQLite does not bear (see ``LogCopier``). For that reason
/// nothing here asks SQLite for more than a passive copy: the others fall back to one, without the lock, when it is busy.
final class LogKeeper {
    private let connection: SQLiteConnection
    private let copier: LogCopier
    private let step: Int32
    private let limit: Int32
    private var nextCopy: Int32
    private var nextCut: Int32
    private var lastFrames: Int32 = 0
    /// Opened at the first copy.
    private var copying: SQLiteConnection?

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
            finish(patience: .milliseconds(50), waiting: .zero)
            nextCopy = frames &+ step
        }
        if frames >= nextCut { return cut(frames) }
        if frames >= nextCopy, copier.start() { nextCopy = frames &+ step }
    }

    /// Gives up its connection. Called once, at the end.
    func close() { copying?.close() }

    private func cut(_ frames: Int32) {
        finish(patience: .milliseconds(250), waiting: .milliseconds(250))
        nextCut = frames &+ max(step, limit / 4)
    }

    /// Copies the rest of the log, waiting for readers of old snapshots for a while. A failure is no loss: the log keeps
    /// everything, and the next commit tells what is wrong.
    private func finish(patience: Duration, waiting: Duration) {
        if copying == nil { copying = try? .forCopying(connection.path) }
        guard let copying, connection.patience.shortened(to: patience, { (try? connection.begin()) != nil }) else {
            return
        }
        defer { connection.rollback() }
        let deadline = ContinuousClock.now + waiting
        while copying.copyLog() == .inPart, ContinuousClock.now < deadline { usleep(2_000) }
    }

    private static func frames(_ bytes: Int) -> Int32 {
        Int32(clamping: max(1, bytes / 4096))
    }
}
