internal import CSQLite

extension SQLiteConnection {
    /// Whether a transaction is open; SQLite ends one by itself after some failures.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Takes the write lock at once, so that nothing inside the transaction can fail for lack of it.
    func begin() throws(LedgerError) { _ = try run("BEGIN IMMEDIATE") { _ in } }
    /// Opens a snapshot for reading.
    func beginReading() throws(LedgerError) { _ = try run("BEGIN DEFERRED") { _ in } }
    /// Makes everything since `begin` durable.
    func commit() throws(LedgerError) { _ = try run("COMMIT") { _ in } }

    /// Takes everything back; does nothing when SQLite has already done so.
    func rollback() {
        guard isInTransaction else { return }
        _ = try? run("ROLLBACK") { _ in }
    }

    /// Runs `body` so that, when it throws, what it wrote is taken back and nothing else is.
    func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        _ = try run("SAVEPOINT step") { _ in }
        do {
            let value = try body()
            _ = try run("RELEASE step") { _ in }
            return value
        } catch {
            guard isInTransaction else { throw error }
            _ = try run("ROLLBACK TO step") { _ in }
            _ = try run("RELEASE step") { _ in }
            throw error
        }
    }
}
