public import Ledger
public import Logging

/// Opens the ledger when a worker starts.
///
/// Other programs that hold the file, in a migration say, are waited for, as a broker is that is not there yet; whatever
/// else is wrong with it, a person has to mend.
public struct LedgerOpener: Sendable {
    private let path: String
    private let logger: Logger
    private let options: LedgerOptions
    private let patience: Duration
    /// Between two tries; each try waits for the file by itself, but not for every kind of lock.
    private static let pause = Duration.milliseconds(200)

    /// `patience` is how long the file may be held by others. Defaults to five minutes.
    public init(path: String, logger: Logger, options: LedgerOptions = .init(), patience: Duration = .seconds(300)) {
        self.path = path
        self.logger = logger
        self.options = options
        self.patience = patience
    }

    /// Opens the file, creating it if need be, and lets `prepare` bring tables up to date. `prepare` may run several times.
    /// - Throws: a `LedgerError`, `busy` once the patience is over; what `prepare` throws; `CancellationError`.
    public func open(preparing prepare: @Sendable (Ledger) async throws -> Void) async throws -> Ledger {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await attempt(prepare)
            } catch let error as LedgerError where error.isBusy && ContinuousClock.now < deadline {
                logger.warning("waiting for the ledger", metadata: ["reason": "\(error)"])
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// As ``open(preparing:)``; whatever goes wrong ends the program with its sentence and remedy.
    public func openAtStart(
        preparing prepare: @Sendable (Ledger) async throws -> Void
    ) async throws(ProgramError) -> Ledger {
        do {
            return try await open(preparing: prepare)
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }

    private func attempt(_ prepare: (Ledger) async throws -> Void) async throws -> Ledger {
        let ledger = try Ledger.open(path: path, options: options)
        do {
            try await prepare(ledger)
            return ledger
        } catch {
            await ledger.close()
            throw error
        }
    }
}
