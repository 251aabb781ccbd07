internal import Fleet
internal import Ledger

/// The ledger, as a command opens it beside the running programs.
enum FeedLedger {
    /// Reads what a feed has written; nothing is there before it has run.
    static func read<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value {
        try await use(configuration) { try await $0.read(body) }
    }

    /// Writes what a running feed is to do.
    static func write<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        try await use(configuration) { try await $0.write(body) }
    }

    private static func use<Value: Sendable>(
        _ configuration: Configuration, _ body: (Ledger) async throws -> Value
    ) async throws(ProgramError) -> Value {
        do {
            let ledger = try Ledger.open(path: configuration.ledgerPath)
            try await FeedTables.migrate(ledger)
            let value = try await body(ledger)
            await ledger.close()
            return value
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw ProgramError.unexpected(error)
        }
    }
}

extension ProgramError {
    /// A stream was named that nothing has been read of.
    static func noStream(_ name: String, _ known: Set<String>) -> ProgramError {
        let isNone = known.isEmpty
        return ProgramError(
            code: "feed.no-stream",
            sentence: isNone
                ? "Nothing has been read yet." : "Nothing has been read of a stream \(InertText.line(name)).",
            remedy: isNone ? "Start `erp-feed` first." : "There are \(known.sorted().joined(separator: ", ")).",
            exit: .failure)
    }
}
