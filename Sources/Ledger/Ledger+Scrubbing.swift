internal import Glibc

/// What has become of bytes that were erased from the file.
package enum ScrubOutcome: Hashable, Sendable {
    /// They are nowhere in the file and its log any more.
    case done
    /// Somebody reads an old state of the ledger all the time, so that the log still has them.
    case logInUse
}

// SQLite leaves deleted bytes in free pages and in the write-ahead log. Who erases a person has to see to both.
extension Ledger {
    /// From now on, whatever this process deletes or replaces is overwritten with zeros.
    package func overwriteDeleted() async throws {
        try await write { try $0.connection.script("PRAGMA secure_delete = ON") }
    }

    /// Writes the whole file anew, so that nothing of what was deleted or moved at any time is left between its rows.
    /// Nobody else writes meanwhile: workers wait, and go on by themselves. Needs room for two more copies of the file.
    package func rewriteFile() async throws {
        let path = path
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do throws(LedgerError) {
                try startThread(for: path) { continuation.resume(with: Result { try Self.vacuum(path) }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func vacuum(_ path: String) throws {
        let connection = try SQLiteConnection(path: path, mode: .write, busyTimeout: .seconds(60))
        defer { connection.close() }
        // The log is copied by `scrubLog`, which knows when that is safe.
        try connection.script(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON; VACUUM")
    }

    /// Copies the write-ahead log into the file and cuts it off, so that nothing older than now is in it.
    ///
    /// The log is copied under the write lock, and starts from its beginning with the next change: see ``LogKeeper`` for why
    /// SQLite is not asked to do both at once. A reader of an old state keeps it from starting again; that is waited for.
    package func scrubLog(patience: Duration = .seconds(35)) async throws -> ScrubOutcome {
        let deadline = ContinuousClock.now + patience
        while true {
            let before = try await write { try $0.copyWholeLog() }
            _ = try await write { try $0.execute("UPDATE probe SET beats = beats + 1") }
            if let before, try await write({ $0.hasBegunAnew(since: before) }) { return .done }
            guard ContinuousClock.now < deadline else { return .logInUse }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension LedgerTransaction {
    /// How long the log was, in frames, when all of it was copied into the file; nil when it could not be.
    fileprivate func copyWholeLog() throws(LedgerError) -> Int32? {
        // The one who starts the log anew cuts its file off.
        try connection.script("PRAGMA journal_size_limit = 0")
        let copying = try SQLiteConnection.forCopying(connection.path)
        defer { copying.close() }
        guard let copy = copying.copyLog(), copy.isWhole else { return nil }
        return copy.frames
    }

    /// Whether the change before this one went to the log's beginning, and nothing older lies behind it.
    fileprivate func hasBegunAnew(since frames: Int32) -> Bool {
        let now = connection.logFrames.pointee
        var status = stat()
        guard now <= frames, stat(connection.path + "-wal", &status) == 0 else { return false }
        let (header, frame) = (32, 4096 + 24)
        return Int(status.st_size) <= header + Int(now) * frame
    }
}
