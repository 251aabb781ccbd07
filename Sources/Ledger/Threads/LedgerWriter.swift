/// The one place of this process that writes: takes whatever waits, runs it in one transaction and commits once.
///
/// While one commit is on its way to the disk, the next group gathers by itself; only writes that say so wait for more.
final class LedgerWriter {
    private let connection: SQLiteConnection
    private let transaction: LedgerTransaction
    private let log: LogKeeper
    let copier: LogCopier
    private let place: FilePlace

    init(connection: SQLiteConnection, options: LedgerOptions) throws(LedgerError) {
        self.connection = connection
        transaction = LedgerTransaction(connection: connection, compressFrom: options.compressFrom)
        copier = LogCopier(path: connection.path)
        log = LogKeeper(connection: connection, copier: copier, options: options)
        place = try FilePlace(path: connection.path)
    }

    /// The body of the thread: works until the queue is closed and empty, then closes the file.
    func serve(_ queue: WorkQueue<LedgerJob<LedgerTransaction>>, groupLimit: Int) {
        while let group = queue.take(limit: groupLimit) {
            commit(group)
            log.keepShort()
        }
        copier.close()
        log.close()
        connection.close()
    }

    private func commit(_ group: [LedgerJob<LedgerTransaction>]) {
        do {
            try place.verify()
            try connection.begin()
            let failures = try run(group)
            try connection.commit()
            for (job, failure) in zip(group, failures) { job.finish(failure) }
        } catch {
            connection.rollback()
            for job in group { job.finish(error) }
        }
    }

    /// What each job failed with. Throws when the transaction as a whole is lost.
    private func run(_ group: [LedgerJob<LedgerTransaction>]) throws -> [(any Error)?] {
        if group.count == 1 {
            // Alone, a failure takes back the whole transaction: the savepoint, which copies pages, is saved.
            try group[0].run(transaction)
            return [nil]
        }
        return try group.map { job in
            do {
                try connection.savepoint { try job.run(transaction) }
                return nil
            } catch {
                guard connection.isInTransaction else { throw error }
                return error
            }
        }
    }
}
