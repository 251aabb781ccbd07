internal import Fleet
internal import Ledger

/// The ledger as the commands about outages use it.
enum OutagesLedger {
    private static let ledger = CommandLedger(
        isPrepared: { try $0.hasOutageTables() }, noLedger: { noLedger($0) }, noTables: { noTables($0) })

    static func read<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value { try await ledger.read(configuration, body) }

    static func write<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value { try await ledger.write(configuration, body) }

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "outages.no-ledger",
            sentence: "Nothing has been called yet: there is no ledger at \(path) (setting ledger.path).",
            remedy: "Start the workers (`stevedore up`), or run this where their ledger is (STEVEDORE_LEDGER_PATH).",
            exit: .configuration)
    }

    private static func noTables(_ path: String) -> ProgramError {
        ProgramError(
            code: "outages.no-tables",
            sentence: "No worker that knows of planned outages has opened the ledger at \(path).",
            remedy: "Start a worker of this version; it prepares the ledger.", exit: .failure)
    }
}

extension LedgerSnapshot {
    /// Those of this version: an older ledger has outages, and knows of no plan and no backlog.
    fileprivate func hasOutageTables() throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE name = 'outage_sample'") { $0.integer(0) } != nil
    }

    /// The outage that a person means: that of the number, else the one that stands, else the newest.
    func outage(meaning number: Int64?) throws -> Outage {
        if let number {
            guard let outage = try self.outage(number: number) else { throw ProgramError.noSuchOutage(number) }
            return outage
        }
        let newest = try outages(limit: 1_000)
        guard let outage = newest.first(where: { $0.endedAt == nil }) ?? newest.first else {
            throw ProgramError.noOutage
        }
        return outage
    }
}

extension ProgramError {
    static func noSuchOutage(_ number: Int64) -> ProgramError {
        ProgramError(
            code: "outages.unknown", sentence: "There is no outage \(number).",
            remedy: "`stevedore outages list --all` shows those that are known.", exit: .failure)
    }

    fileprivate static let noOutage = ProgramError(
        code: "outages.none", sentence: "There has been no outage: whatever was called has answered.",
        remedy: "`stevedore outages plan` declares one ahead.", exit: .failure)
}
