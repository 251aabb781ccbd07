internal import Ledger
internal import Logging

extension LedgerOpener {
    /// Makes the ledger and the fleet's tables where no worker has yet, and brings them up to date where one of an older
    /// version has: as a worker does at its start, by the same steps and waiting for the same locks. For a command that
    /// writes down what the fleet is to find when it starts first.
    package static func prepareTables(at path: String, patience: Duration = .seconds(30)) async throws(ProgramError) {
        // A person waits for the command, and is told when it was in vain.
        let quiet = Logger(label: "stevedore") { _ in SwiftLogNoOpLogHandler() }
        let ledger = try await LedgerOpener(path: path, logger: quiet, patience: patience).openAtStart { ledger in
            try await FleetTables.migrate(ledger)
        }
        await ledger.close()
    }
}
