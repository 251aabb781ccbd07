internal import CSQLite

/// The one connection of a ``GuestDatabase``, on its thread.
final class GuestConnection {
    private let connection: SQLiteConnection
    private let transaction: LedgerTransaction
    private let place: FilePlace
    /// Opened at the first copy of the log.
    private var copying: (copying: SQLiteConnection, reading: SQLiteConnection)?
    /// As long as SQLite lets a log grow by itself, in frames.
    private static let longestLog: Int32 = 1_000

    init(path: String, patience: Duration) throws(LedgerError) {
        connection = try SQLiteConnection(path: path, mode: .write, busyTimeout: patience)
        transaction = LedgerTransaction(connection: connection, compressFrom: .max)
        place = try FilePlace(path: path)
        guard sqlite3_db_readonly(connection.handle, "main") == 0 else {
            throw .notWritable(path: path, reason: "the file is read-only for this user")
        }
        try settle()
    }

    /// The body of the thread: works until the queue is closed and empty, then closes the file.
    func serve(_ queue: WorkQueue<LedgerJob<GuestConnection>>) {
        while let jobs = queue.take(limit: 1) {
            for job in jobs { answer(job) }
        }
        copying?.reading.close()
        copying?.copying.close()
        connection.close()
    }

    func read<Value>(_ body: (LedgerSnapshot) throws -> Value) throws -> Value {
        try connection.beginReading()
        // Nobody's commit may wait for a snapshot that is not read any more.
        defer { connection.rollback() }
        return try body(transaction)
    }

    func write<Value>(_ body: (LedgerTransaction) throws -> Value) throws -> Value {
        try connection.begin()
        do {
            let value = try body(transaction)
            try connection.commit()
            return value
        } catch {
            connection.rollback()
            throw error
        }
    }

    func changes() throws(LedgerError) -> Int64 {
        try connection.first("PRAGMA data_version", { _ in }, row: { $0.integer(0) }) ?? 0
    }

    private func answer(_ job: LedgerJob<GuestConnection>) {
        do {
            try checkPlace()
            try job.run(self)
        } catch {
            return job.finish(error)
        }
        job.finish(nil)
        keepLogShort()
    }

    /// A file that was put in another one's place needs another connection, so that waiting does not help.
    private func checkPlace() throws(LedgerError) {
        do throws(LedgerError) {
            try place.verify()
        } catch {
            throw .cannotOpen(
                path: connection.path, reason: "it was moved, deleted or replaced while it was in use")
        }
    }

    /// Only what belongs to a connection is set; what belongs to the file is the host's.
    private func settle() throws(LedgerError) {
        // The first read finds out whether this is a database at all.
        _ = try connection.first("SELECT count(*) FROM sqlite_schema", { _ in }, row: { $0.integer(0) })
        let mode = try connection.first("PRAGMA journal_mode", { _ in }, row: { $0.text(0) })
        // Without full sync a rollback journal could leave the host a damaged file.
        let level = mode == "wal" ? "NORMAL" : "FULL"
        try connection.script(
            """
            PRAGMA synchronous = \(level);
            PRAGMA trusted_schema = OFF;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -2048;
            """)
        connection.countLogFrames()
    }

    /// Copies the log as ``LogCopier`` does, so that this process, and not the next commit of the host, has that work.
    private func keepLogShort() {
        guard connection.logFrames.pointee >= Self.longestLog else { return }
        connection.logFrames.pointee = 0
        let path = connection.path
        if copying == nil { copying = try? (.forCopying(path), .forCopying(path)) }
        guard let copying else { return }
        _ = try? LogCopier.copy(copying.copying, whileReading: copying.reading)
    }
}
