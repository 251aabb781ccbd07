internal import CSQLite
internal import Synchronization

/// Copies the write-ahead log into the database when asked to, on its own thread and connections.
///
/// It holds a snapshot open while it copies. Up to version 3.51.2 SQLite has a flaw that loses data: a copy that begins
/// when everything has been copied, just as a writer of any process starts the log from its beginning, takes the new
/// log for the old one and notes more of it as copied than there is; the next copy then leaves out pages that were never
/// copied. The log cannot start from its beginning while anyone reads from it. (A snapshot that reads from the database
/// alone, because everything has been copied, does not prevent that, but then nothing can be copied.) Serialising the
/// copies of all processes would not help: the other party is a writer.
final class LogCopier: Sendable {
    private enum State: Equatable { case idle, copying, done(LogCopy) }

    private let state = Mutex(State.idle)
    private let requests = WorkQueue<Void>()
    private let path: String

    init(path: String) {
        self.path = path
    }

    /// Asks for a copy; false when one is being made.
    func start() -> Bool {
        let starts = state.withLock { state in
            guard state == .idle else { return false }
            state = .copying
            return true
        }
        return starts && requests.submit(())
    }

    /// The copy that has been made since the last time this was asked; nil when there is none.
    func takeDone() -> LogCopy? {
        state.withLock { state in
            guard case .done(let copy) = state else { return nil }
            state = .idle
            return copy
        }
    }

    /// Works until `close`; the body of the thread.
    func serve() {
        var connections: (copying: SQLiteConnection, reading: SQLiteConnection)?
        while requests.take(limit: 1) != nil {
            if connections == nil { connections = try? (.forCopying(path), .forCopying(path)) }
            let copy = connections.flatMap { try? Self.copy($0.copying, whileReading: $0.reading) }
            state.withLock { $0 = copy.map { .done($0) } ?? .idle }
        }
        connections?.reading.close()
        connections?.copying.close()
    }

    func close() { requests.close() }

    /// Copies what the log holds now; nil when another process copies it, or the disk takes nothing. That is no loss: the
    /// log keeps everything, and the next commit tells what is wrong.
    static func copy(
        _ copying: SQLiteConnection, whileReading reading: SQLiteConnection
    ) throws(LedgerError) -> LogCopy? {
        try reading.beginReading()
        defer { reading.rollback() }
        // The snapshot is taken by the first read.
        _ = try reading.first("SELECT 1 FROM sqlite_schema LIMIT 1", { _ in }, row: { $0.integer(0) })
        return copying.copyLog()
    }
}

/// How much of the log has been copied, in frames.
struct LogCopy: Equatable {
    let frames: Int32
    let copied: Int32

    var isWhole: Bool { frames == copied }
}

extension SQLiteConnection {
    /// A connection that copies the log, or reads while another one copies. It never waits, and writes nothing.
    static func forCopying(_ path: String) throws(LedgerError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .write, busyTimeout: .zero)
        try connection.script("PRAGMA synchronous = FULL; PRAGMA cache_size = -64; PRAGMA wal_autocheckpoint = 0")
        return connection
    }

    /// Copies as much of the log as readers allow; nil when nothing could be copied. Only while a snapshot is open, or the write lock held, on another
    /// connection of the caller: see ``LogCopier``.
    func copyLog() -> LogCopy? {
        var (frames, copied): (Int32, Int32) = (-1, -1)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied)
        return code == SQLITE_OK ? LogCopy(frames: frames, copied: copied) : nil
    }
}
