internal import Fleet
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#endif

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

    /// As ``read(_:_:)``; nil before the first worker has run, when there is nothing to be read.
    static func readIfThere<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value? {
        guard isThere(configuration) else { return nil }
        return try await ledger.read(configuration, body)
    }

    /// As ``write(_:_:)``; makes the file and its tables where no worker has yet, so that a window can be planned for the
    /// day on which the fleet is started first. Opened and brought up to date as a worker does it, so that several
    /// that start at the same moment make it once.
    static func prepareAndWrite<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        try await LedgerOpener.prepareTables(at: configuration.ledgerPath)
        return try await ledger.write(configuration, body)
    }

    static func isThere(_ configuration: Configuration) -> Bool { access(configuration.ledgerPath, F_OK) == 0 }

    /// That there is nothing to list, and how that may be a mistake.
    static func nothingYet(_ configuration: Configuration) -> String {
        "There is nothing yet: no outage, and none is planned. No worker has run, as there is no ledger at "
            + "\(InertText.line(configuration.ledgerPath)) (setting ledger.path).\n"
    }

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

    /// The outage of that number.
    func outage(meaning number: Int64) throws -> Outage {
        if let outage = try self.outage(number: number) { return outage }
        throw ProgramError.noSuchOutage(number, window: try maintenanceWindow(number: number))
    }
}

extension ProgramError {
    /// - Parameter window: The window of that number, which may be meant.
    static func noSuchOutage(_ number: Int64, window: MaintenanceWindow? = nil) -> ProgramError {
        let plan = window.map { window in
            "Window \(window.number) is another thing: `stevedore outages plan --cancel \(window.number)` calls it off. "
        }
        return ProgramError(
            code: "outages.unknown", sentence: "There is no outage \(number).",
            remedy: (plan ?? "") + "`stevedore outages list --all` shows the outages that are known.", exit: .failure)
    }
}
