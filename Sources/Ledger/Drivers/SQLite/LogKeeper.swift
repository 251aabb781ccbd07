internal import CSQLite
internal import Glibc

/// Keeps the write-ahead log short without making writers wait.
///
/// The long part, copying the log into the database, is done by a thread of its own while writing goes on. When it is through,
/// the writer copies the rest that has come since, if that is little; then SQLite starts the log from its beginning, and
/// cuts the file back to its limit. When readers have kept that from happening until the log is over its limit, the writer
/// waits a moment for them.
///
/// The writer holds the write lock for its part: nobody else adds to the log meanwhile, so that the copy is whole, and
/// nobody starts it from its beginning under the copy, which SQLite does not bear (see ``LogCopier``). For that reason
/// nothing here asks SQLite for more than a passive copy: the others fall back to one, without the lock, when it is busy.
final class LogKeeper {
    private let connection: SQLiteConnection
    private let copier: LogCopier
    private var bounds: LogBounds
    /// Where the log ended when it was copied last, and when the writer cut it last.
    private var (lastCopy, lastCut): (Int32, Int32) = (0, 0)
    private var lastFrames: Int32 = 0
    /// Copied under the lock at most, while the log is within its limit: everybody waits for it.
    private static let shortRest: Int32 = 1024
    /// Opened at the first copy.
    private var copying: SQLiteConnection?

    init(connection: SQLiteConnection, copier: LogCopier, options: LedgerOptions) {
        self.connection = connection
        self.copier = copier
        bounds = LogBounds(path: connection.path, options: options)
    }

    /// Called after each commit, when its callers have been answered.
    func keepShort() {
        let frames = connection.logFrames.pointee
        // The log has started from its beginning again.
        if frames < lastFrames { (lastCopy, lastCut) = (0, 0) }
        lastFrames = frames
        bounds.look(at: frames)
        var isOutrun = false
        if let copy = copier.takeDone() {
            lastCopy = frames
            if frames &- copy.copied <= Self.shortRest {
                finish(patience: .milliseconds(50), waiting: .zero)
            } else {
                // Not when readers were in the way: then another copy gets no further.
                isOutrun = copy.isWhole
            }
        }
        if frames >= nextCut { return cut(frames) }
        if isOutrun || frames >= lastCopy &+ bounds.step, copier.start() { lastCopy = frames }
    }

    private var nextCut: Int32 {
        lastCut == 0 ? bounds.limit : lastCut &+ max(bounds.step, bounds.limit / 4)
    }

    /// Gives up its connection. Called once, at the end.
    func close() { copying?.close() }

    private func cut(_ frames: Int32) {
        finish(patience: .milliseconds(250), waiting: .milliseconds(250))
        lastCut = frames
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
        while let copy = copying.copyLog(), !copy.isWhole, ContinuousClock.now < deadline { usleep(2_000) }
    }
}
