internal import CSQLite

extension SQLiteConnection {
    /// The connection that writes: creates the file if need be, and insists on the settings that durability depends on.
    static func openForWriting(path: String, options: LedgerOptions) throws(LedgerError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .create, busyTimeout: options.busyTimeout)
        guard sqlite3_db_readonly(connection.handle, "main") == 0 else {
            throw .notWritable(path: path, reason: "the file is read-only for this user")
        }
        _ = try Migrator.identify(connection)
        try connection.checkForDamage(upTo: options.checkUpTo)
        try connection.demandWriteAheadLog()
        try connection.script(
            """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(max(1, options.cacheSize / 1024));
            PRAGMA journal_size_limit = \(max(0, options.logLimit));
            """)
        if let pages = options.maximumPages { try connection.script("PRAGMA max_page_count = \(pages)") }
        try connection.verifyDurability()
        connection.countLogFrames()
        return connection
    }

    /// A connection that can only read.
    static func openForReading(path: String, options: LedgerOptions) throws(LedgerError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .read, busyTimeout: options.busyTimeout)
        try connection.script("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048;")
        connection.patience.watchReads(on: connection.handle)
        return connection
    }

    /// Refuses to work unless every commit reaches the disk before it is reported.
    func verifyDurability() throws(LedgerError) {
        let mode = try pragma("journal_mode") { $0.text(0) }
        guard mode == "wal" else {
            throw .unsafeSettings(path: path, reason: "its journal mode is \(mode ?? "unknown") instead of wal")
        }
        let level = try pragma("synchronous") { $0.integer(0) }
        guard let level, level >= 2 else {
            throw .unsafeSettings(path: path, reason: "its synchronous level is \(level ?? -1) instead of 2 (full)")
        }
    }

    /// Two processes that create the file at the same moment hinder each other here, without SQLite's usual waiting.
    private func demandWriteAheadLog() throws(LedgerError) {
        let deadline = ContinuousClock.now + patience.limit
        while true {
            do throws(LedgerError) {
                return try script("PRAGMA journal_mode = WAL")
            } catch {
                guard case .busy = error, ContinuousClock.now < deadline else { throw error }
                sqlite3_sleep(2)
            }
        }
    }

    private func checkForDamage(upTo limit: Int) throws(LedgerError) {
        let pages = try pragma("page_count") { $0.integer(0) } ?? 0
        let size = try pragma("page_size") { $0.integer(0) } ?? 0
        guard pages.multipliedReportingOverflow(by: size).partialValue <= limit else { return }
        let finding = try pragma("quick_check(1)") { $0.text(0) }
        guard finding == "ok" else { throw .corrupt(path: path, detail: finding ?? "the check gave no answer") }
    }

    private func pragma<Value>(
        _ name: String, _ row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value? {
        try all(try prepare(text: "PRAGMA \(name)"), { _ in }, row: row).first
    }
}
