internal import Fleet
internal import Ledger

/// The ledger as the commands about alerts use it.
enum AlertsLedger {
    private static let ledger = CommandLedger(
        isPrepared: { try AlertTables.areThere($0) }, noLedger: { noLedger($0) }, noTables: { noTables($0) })

    static func read<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value { try await ledger.read(configuration, body) }

    static func write<Value: Sendable>(
        _ configuration: Configuration, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value { try await ledger.write(configuration, body) }

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "alerts.no-ledger",
            sentence: "Nothing has been watched yet: there is no ledger at \(path) (setting ledger.path).",
            remedy: "Start the workers (`stevedore up`), or run this where their ledger is (STEVEDORE_LEDGER_PATH). "
                + "`stevedore alerts rules` says already who will be told.", exit: .configuration)
    }

    private static func noTables(_ path: String) -> ProgramError {
        ProgramError(
            code: "alerts.no-tables", sentence: "No worker that knows of alerts has opened the ledger at \(path).",
            remedy: "Start the alerts-worker of this version; it prepares the ledger.", exit: .failure)
    }
}

extension LedgerSnapshot {
    /// The alert that a person means by a key or by how it begins, in full or behind the slash.
    func alert(meaning text: String) throws -> AlertRecord {
        let keys = try alertKeys(meaning: text)
        guard let key = keys.first else { throw ProgramError.noSuchAlert(text) }
        guard keys.count == 1 else { throw ProgramError.severalAlerts(text, keys) }
        guard let record = try alert(key: key) else { throw ProgramError.unreadableAlert(key) }
        return record
    }
}

extension ProgramError {
    fileprivate static func noSuchAlert(_ text: String) -> ProgramError {
        ProgramError(
            code: "alerts.unknown", sentence: "There is no alert \(InertText.line(text)).",
            remedy: "`stevedore alerts list --all` shows those that are known.", exit: .failure)
    }

    fileprivate static func severalAlerts(_ text: String, _ keys: [String]) -> ProgramError {
        let shown = keys.prefix(5).map { InertText.line($0) }.joined(separator: ", ") + (keys.count > 5 ? " …" : "")
        return ProgramError(
            code: "alerts.ambiguous", sentence: "More than one alert begins with \(InertText.line(text)): \(shown).",
            remedy: "Type more of its key.", exit: .failure)
    }

    fileprivate static func unreadableAlert(_ key: String) -> ProgramError {
        ProgramError(
            code: "alerts.newer", sentence: "The alert \(InertText.line(key)) is written by a newer version.",
            remedy: "Use the `stevedore` of that version.", exit: .failure)
    }
}
