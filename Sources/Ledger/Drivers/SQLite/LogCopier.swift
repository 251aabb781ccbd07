internal import CSQLite
internal import Synchronization

/// Copies the write-ahead log into the database when asked to, on its own thread and connection.
final class LogCopier: Sendable {
    private enum State { case idle, copying, done }

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

    /// Whether a copy has been made since the last time this was asked.
    func takeDone() -> Bool {
        state.withLock { state in
            guard state == .done else { return false }
            state = .idle
            return true
        }
    }

    /// Works until `close`; the body of the thread.
    func serve() {
        var connection: SQLiteConnection?
        while requests.take(limit: 1) != nil {
            // Without a connection the writer makes the whole copy itself.
            if connection == nil { connection = try? opened() }
            if let connection {
                sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            }
            state.withLock { $0 = .done }
        }
        connection?.close()
    }

    func close() { requests.close() }

    private func opened() throws(LedgerError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .write, busyTimeout: .zero)
        try connection.script("PRAGMA synchronous = FULL; PRAGMA cache_size = -64; PRAGMA wal_autocheckpoint = 0")
        return connection
    }
}
