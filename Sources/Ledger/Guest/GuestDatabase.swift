/// The database of another program, in which this one reads and writes by invitation.
///
/// A guest changes nothing that is the host's to decide: it creates no file, and leaves the journal mode and
/// everybody's tables as they are. What it does is done one after the other, by one thread and over one connection. A
/// write holds the lock that the host's own writers wait for, so each has to be short.
///
/// A write that has returned survives the end of this process. Beside a write-ahead log it is not synced, so that the
/// lock is given back sooner: a power cut may take back the last ones, whole and in order, and nothing of the host's.
package final class GuestDatabase: Sendable {
    /// The host's file.
    package let path: String
    private let queue: WorkQueue<LedgerJob<GuestConnection>>
    private let ends: ThreadEnds

    /// Opens a file that is there. Blocks the caller while it does.
    /// - Parameter patience: How long the host's locks are waited for, here and in every read and write.
    /// - Throws: `cannotOpen`, `corrupt` for what is no database, `notWritable`, `busy`.
    package static func open(
        path: String, patience: Duration = .seconds(5)
    ) throws(LedgerError) -> GuestDatabase {
        let guest = try GuestConnection(path: path, patience: patience)
        return try GuestDatabase(path: path, guest: guest)
    }

    private init(path: String, guest: sending GuestConnection) throws(LedgerError) {
        self.path = path
        let ends = ThreadEnds(count: 1)
        self.ends = ends
        let queue = WorkQueue<LedgerJob<GuestConnection>>()
        self.queue = queue
        try startThread(for: path) {
            guest.serve(queue)
            ends.signal()
        }
    }

    deinit { queue.close() }

    /// Reads from one consistent snapshot.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        try await submit { try $0.read(body) }
    }

    /// Writes: everything that `body` does, or nothing when it throws.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws -> Value {
        try await submit { try $0.write(body) }
    }

    /// A number that is another one whenever somebody else has changed the file since it was asked for last.
    package func changes() async throws -> Int64 { try await submit { try $0.changes() } }

    /// Closes the file. Whatever is asked afterwards throws `closed`.
    package func close() async {
        queue.close()
        await ends.wait()
    }

    private func submit<Value: Sendable>(
        _ body: @escaping @Sendable (GuestConnection) throws -> Value
    ) async throws -> Value {
        let queue = queue
        return try await withUnsafeThrowingContinuation { continuation in
            let job = ValueJob(body: body, continuation: continuation)
            if !queue.submit(job) { job.finish(LedgerError.closed) }
        }
    }
}
