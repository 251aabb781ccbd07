/// The fleet's durable memory: one small database file that several processes may use at once.
///
/// Writes of one process are made by one thread, which commits whatever waits together; a write that has returned is on the
/// disk. Reads have a thread and a connection of their own and never wait for writes.
public final class Ledger: Sendable {
    /// How patient a write should be that is one of many: far less than a call to another system takes.
    public static let gathering = Duration.milliseconds(4)

    /// The database file.
    public let path: String
    private let writes: WorkQueue<LedgerJob<LedgerTransaction>>?
    private let reads: WorkQueue<LedgerJob<LedgerSnapshot>>
    private let ends: ThreadEnds

    /// Opens the file, creating it and bringing its tables up to date if need be. Blocks the caller while it does.
    /// - Throws: `newerSchema`, `corrupt`, `foreignFile`, `notWritable`, `cannotOpen` …, each with a remedy.
    public static func open(path: String, options: LedgerOptions = .init()) throws(LedgerError) -> Ledger {
        try open(path: path, options: options, migrations: LedgerSchema.migrations)
    }

    /// Opens an existing file of this version for tools that only look. Every write is refused.
    public static func openReadOnly(
        path: String, options: LedgerOptions = .init()
    ) throws(LedgerError) -> Ledger {
        let connection = try SQLiteConnection.openForReading(path: path, options: options)
        guard try Migrator.identify(connection) == .ledger else { throw .foreignFile(path: path) }
        try Migrator(component: LedgerSchema.component, migrations: LedgerSchema.migrations).verify(connection)
        return try Ledger(path: path, options: options, writer: nil)
    }

    /// As `open`, with other tables than the ledger's own; tests interrupt it inside a migration.
    package static func open(
        path: String, options: LedgerOptions, migrations: [LedgerMigration],
        beforeMigrationCommit: @escaping @Sendable (LedgerMigration) -> Void = { _ in }
    ) throws(LedgerError) -> Ledger {
        let connection = try SQLiteConnection.openForWriting(path: path, options: options)
        try Migrator(
            component: LedgerSchema.component, migrations: migrations, beforeCommit: beforeMigrationCommit
        ).migrate(connection)
        let writer = try LedgerWriter(connection: connection, options: options)
        return try Ledger(path: path, options: options, writer: writer)
    }

    private init(path: String, options: LedgerOptions, writer: sending LedgerWriter?) throws(LedgerError) {
        self.path = path
        let ends = ThreadEnds(count: writer == nil ? 1 : 3)
        self.ends = ends
        let reads = WorkQueue<LedgerJob<LedgerSnapshot>>()
        self.reads = reads
        let reader = LedgerReader(path: path, options: options)
        if let writer {
            let writes = WorkQueue<LedgerJob<LedgerTransaction>>()
            self.writes = writes
            let limit = max(1, options.groupLimit)
            let copier = writer.copier
            try startThread(for: path) {
                writer.serve(writes, groupLimit: limit)
                ends.signal()
            }
            try startThread(for: path) {
                copier.serve()
                ends.signal()
            }
        } else {
            writes = nil
        }
        try startThread(for: path) {
            reader.serve(reads)
            ends.signal()
        }
    }

    deinit {
        writes?.close()
        reads.close()
    }

    /// Writes: everything `body` does is on the disk when this returns, or has not happened at all when it throws.
    ///
    /// Waiting writes share a commit; a body that throws takes back only what it did itself. `body` runs at most once.
    /// - Parameter patience: how long the write may wait for others to share its commit with, when many small ones are on
    ///   their way: each commit costs a sync of the disk, and pages that several writes change are written once.
    public func write<Value: Sendable>(
        patience: Duration = .zero, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws -> Value {
        guard let writes else { throw LedgerError.notWritable(path: path, reason: "it was opened for reading only") }
        return try await submit(body, to: writes, patience: patience)
    }

    /// Reads from one consistent snapshot. A read that takes too long is stopped.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        try await submit(body, to: reads)
    }

    /// Finishes the writes that have been asked for and closes the file. Whatever is asked afterwards throws `closed`.
    public func close() async {
        writes?.close()
        reads.close()
        await ends.wait()
    }

    private func submit<Access, Value: Sendable>(
        _ body: @escaping @Sendable (Access) throws -> Value, to queue: WorkQueue<LedgerJob<Access>>,
        patience: Duration = .zero
    ) async throws -> Value {
        try await withUnsafeThrowingContinuation { continuation in
            let job = ValueJob(body: body, continuation: continuation)
            if !queue.submit(job, patience: patience) { job.finish(LedgerError.closed) }
        }
    }
}
