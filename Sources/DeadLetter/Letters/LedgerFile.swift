internal import Fleet
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#endif

/// The fleet's ledger, when it is where the settings say.
enum LedgerFile {
    static func exists(_ configuration: Configuration) -> Bool { access(configuration.ledgerPath, F_OK) == 0 }

    /// Reads something; nil when there is no ledger.
    static func read<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value? {
        guard exists(configuration) else { return nil }
        do {
            let ledger = try Ledger.openReadOnly(path: configuration.ledgerPath)
            let value = try await ledger.read(body)
            await ledger.close()
            return value
        } catch {
            throw ProgramError(ledger: error)
        }
    }
}
