internal import Fleet
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#endif

/// The ledger as a command uses it that works with tables which the workers bring along.
struct CommandLedger {
    /// Whether the tables are there.
    let isPrepared: @Sendable (LedgerSnapshot) throws -> Bool
    /// What is said where there is no file, by its path.
    let noLedger: @Sendable (String) -> ProgramError
    /// What is said where the file lacks the tables.
    let noTables: @Sendable (String) -> ProgramError

    func read<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value {
        let path = configuration.ledgerPath
        return try await use(path, { () throws(LedgerError) in try Ledger.openReadOnly(path: path) }) { ledger in
            try await ledger.read { snapshot in
                guard try isPrepared(snapshot) else { throw noTables(path) }
                return try body(snapshot)
            }
        }
    }

    func write<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        let path = configuration.ledgerPath
        return try await use(path, { () throws(LedgerError) in try Ledger.open(path: path) }) { ledger in
            try await ledger.write { transaction in
                guard try isPrepared(transaction) else { throw noTables(path) }
                return try body(transaction)
            }
        }
    }

    private func use<Value: Sendable>(
        _ path: String, _ open: () throws(LedgerError) -> Ledger, _ body: (Ledger) async throws -> Value
    ) async throws(ProgramError) -> Value {
        guard access(path, F_OK) == 0 else { throw noLedger(path) }
        do {
            let ledger = try open()
            let value = try await body(ledger)
            await ledger.close()
            return value
        } catch let error as ProgramError {
            throw error
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }
}
