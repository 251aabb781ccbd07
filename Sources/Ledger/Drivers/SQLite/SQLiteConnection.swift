internal import CSQLite

/// One connection to the file. Not thread-safe: it belongs to one thread at a time.
final class SQLiteConnection {
    /// What a connection may do.
    enum Mode { case create, write, read }

    let path: String
    let handle: OpaquePointer
    let arena = BindArena()
    let statements = StatementCache()
    let patience: Patience
    /// The frames in the write-ahead log after the last commit, written by SQLite's hook.
    let logFrames: UnsafeMutablePointer<Int32>
    private var isOpen = true

    /// SQLite's statistics of its memory, which nobody here asks for, would cost a lock at each allocation.
    private static let setUp: Int32 = csqlite_count_no_memory()

    init(path: String, mode: Mode, busyTimeout: Duration) throws(LedgerError) {
        let flags =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            }
        _ = Self.setUp
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard status == SQLITE_OK, let handle = opened else {
            let reason = opened.map { Self.reason(of: $0) } ?? String(cString: sqlite3_errstr(status))
            sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, reason: reason)
        }
        self.path = path
        self.handle = handle
        patience = Patience(limit: busyTimeout)
        logFrames = .allocate(capacity: 1)
        logFrames.initialize(to: 0)
        patience.install(on: handle)
    }

    deinit {
        close()
        logFrames.deallocate()
    }

    /// Closes the file; the last connection to it moves the log into the database. Nothing may be run afterwards.
    func close() {
        guard isOpen else { return }
        isOpen = false
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Counts the log's frames instead of copying it at commit: the copy is made after the callers have been answered.
    func countLogFrames() {
        let hook: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
            counter, _, _, frames in
            counter?.assumingMemoryBound(to: Int32.self).pointee = frames
            return SQLITE_OK
        }
        sqlite3_wal_hook(handle, hook, logFrames)
    }

    /// The one place where SQLite's result codes become errors.
    func failure(_ code: Int32) -> LedgerError {
        let message = Self.reason(of: handle)
        switch code & 0xFF {
        case SQLITE_FULL: return .diskFull(path: path)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: return .notWritable(path: path, reason: message)
        case SQLITE_IOERR: return .inputOutput(path: path, reason: "\(message) (SQLite \(code))")
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(path: path, detail: message)
        case SQLITE_CANTOPEN: return .cannotOpen(path: path, reason: message)
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(path: path, waited: patience.limit)
        case SQLITE_INTERRUPT: return .readTooLong(limit: patience.readLimit)
        default: return .sql(code: code, message: message)
        }
    }

    func check(_ code: Int32) throws(LedgerError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private static func reason(of handle: OpaquePointer) -> String {
        let message = String(cString: sqlite3_errmsg(handle))
        let system = sqlite3_system_errno(handle)
        guard system != 0, sqlite3_errcode(handle) & 0xFF != SQLITE_ERROR else { return message }
        return "\(message), \(systemMessage(system))"
    }
}
