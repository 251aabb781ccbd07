internal import Fleet
internal import Ledger

/// What can be wrong with a store's database, in the words of whoever looks after it.
extension ProgramError {
    /// Whatever a read or a write of the store's database threw.
    /// - Parameter isRunning: Then the file has been in order, and another start may find it so.
    static func store(_ error: any Error, _ path: String, isRunning: Bool = false) -> ProgramError {
        if let error = error as? ProgramError { return error }
        guard let error = error as? LedgerError else { return .unexpected(error) }
        let (sentence, remedy) = words(for: error, "The store's database \(path)")
        return ProgramError(
            code: error.code.replacingPrefix(), sentence: sentence, remedy: remedy,
            exit: isRunning ? .failure : exit(for: error))
    }

    private static func exit(for error: LedgerError) -> Exit {
        switch error {
        case .busy, .diskFull, .inputOutput, .readTooLong: .unavailable
        default: .configuration
        }
    }

    private static func words(for error: LedgerError, _ name: String) -> (sentence: String, remedy: String) {
        switch error {
        case .cannotOpen(_, let reason):
            (
                "\(name) cannot be opened: \(reason).",
                "Correct `relay.database`, or the permissions of the file and its folder; it is never created here."
            )
        case .notWritable(_, let reason):
            ("\(name) cannot be written: \(reason).", "Let this user write the file and its folder.")
        case .corrupt(_, let detail):
            ("\(name) is damaged, or no SQLite database: \(detail).", "Correct `relay.database`.")
        case .busy(_, let waited):
            (
                "\(name) was locked by others for \(waited).",
                "Look for a program that holds it in a long transaction, then start again."
            )
        case .diskFull: ("There is no room left to write \(name).", "Free some space on that disk.")
        case .inputOutput(_, let reason):
            ("\(name) cannot be read or written: \(reason).", "Check the disk and the system log.")
        case .sql(_, let message):
            (
                "\(name) refused a statement: \(message).",
                "Compare the table with `outbox-relay schema`, and look at triggers on it."
            )
        default: ("\(name) cannot be used: \(error.sentence)", "Start again; if it stays, report it.")
        }
    }

    static func noOutbox(_ path: String) -> ProgramError {
        ProgramError(
            code: "outbox.no-table", sentence: "The database \(path) has no table stevedore_outbox.",
            remedy: "Create it with what `outbox-relay schema` prints, or correct `relay.database`.",
            exit: .configuration)
    }

    static func newerOutbox(_ path: String, found: Int64) -> ProgramError {
        ProgramError(
            code: "outbox.newer-table",
            sentence: "The table stevedore_outbox in \(path) is of version \(found), newer than this program.",
            remedy: "Install the outbox-relay that knows it: this one knows version \(OutboxTable.version).",
            exit: .configuration)
    }

    static func otherShape(_ path: String, _ missing: [String]) -> ProgramError {
        ProgramError(
            code: "outbox.other-table",
            sentence: "The outbox in \(path) lacks \(missing.joined(separator: ", ")).",
            remedy: "Compare it with `outbox-relay schema`, and add what is missing.", exit: .configuration)
    }

    static func otherEncoding(_ path: String, _ encoding: String) -> ProgramError {
        ProgramError(
            code: "outbox.encoding", sentence: "The database \(path) keeps its texts in \(encoding), not in UTF-8.",
            remedy: "Give the outbox a database in UTF-8, SQLite's default.", exit: .configuration)
    }
}

extension String {
    /// `ledger.busy` is `outbox.busy` here.
    fileprivate func replacingPrefix() -> String {
        split(separator: ".").last.map { "outbox." + $0 } ?? self
    }
}
