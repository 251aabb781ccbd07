/// What can be asked of the ledger: a consistent snapshot, valid while the closure that received it runs.
public class LedgerSnapshot {
    let connection: SQLiteConnection

    init(connection: SQLiteConnection) {
        self.connection = connection
    }
}

/// What can be asked of and written to the ledger: everything inside is committed together or not at all.
///
/// Valid while the closure that received it runs, on the ledger's own thread: compute first, write briefly.
public final class LedgerTransaction: LedgerSnapshot {
    let compressor: BodyCompressor

    init(connection: SQLiteConnection, compressFrom: Int) {
        compressor = BodyCompressor(threshold: compressFrom)
        super.init(connection: connection)
    }

    /// Runs `body` so that, when it throws, what it wrote is taken back and the rest of the transaction stands.
    public func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        try connection.savepoint(body)
    }
}
