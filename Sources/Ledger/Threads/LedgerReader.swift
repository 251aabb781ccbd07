/// A thread's connection for reading: each read sees one consistent snapshot and has a deadline.
final class LedgerReader {
    private let path: String
    private let options: LedgerOptions
    private var snapshot: LedgerSnapshot?

    init(path: String, options: LedgerOptions) {
        self.path = path
        self.options = options
    }

    /// The body of the thread: works until the queue is closed and empty, then closes the file.
    func serve(_ queue: WorkQueue<LedgerJob<LedgerSnapshot>>) {
        while let jobs = queue.take(limit: 1) {
            for job in jobs { answer(job) }
        }
        snapshot?.connection.close()
    }

    private func answer(_ job: LedgerJob<LedgerSnapshot>) {
        do {
            let snapshot = try opened()
            let connection = snapshot.connection
            connection.patience.startRead(limit: options.readTimeout)
            defer {
                connection.patience.endRead()
                connection.rollback()
            }
            try connection.beginReading()
            try job.run(snapshot)
        } catch {
            return job.finish(error)
        }
        job.finish(nil)
    }

    /// Opened at the first read, because most workers never read.
    private func opened() throws(LedgerError) -> LedgerSnapshot {
        if let snapshot { return snapshot }
        let connection = try SQLiteConnection.openForReading(path: path, options: options)
        let opened = LedgerSnapshot(connection: connection)
        snapshot = opened
        return opened
    }
}
