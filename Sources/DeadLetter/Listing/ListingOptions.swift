internal import ArgumentParser
internal import Fleet
internal import Ledger

/// What a list is made of, and how long it may be.
struct ListingOptions: ParsableArguments {
    @Option(help: "Where their story stands: open, replayed, resolved, discarded or all.")
    var state = "open"

    @Option(help: "At most so many.")
    var limit = 100

    @Flag(help: "Look into the queues instead of the ledger.")
    var browse = false

    func validate() throws {
        guard state == "all" || wanted != nil else {
            throw ValidationError("--state is open, replayed, resolved, discarded or all, not \(state)")
        }
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000000") }
    }

    /// Nil means all states.
    var wanted: DeadLetterState? { DeadLetterState(rawValue: state) }

    /// For the command to ask: what is in the queues is open.
    func check(_ filter: LetterFilter) throws {
        if isBrowsing(filter) && isOfLedger {
            throw ValidationError("what lies in the queues is open; --state \(state) is in the ledger only")
        }
    }

    /// Asks the ledger. Where there is none, or the queues are meant, asks the queues.
    func find<Value: Sendable>(
        _ configuration: Configuration, _ filter: LetterFilter,
        index: @escaping @Sendable (LedgerSnapshot) throws -> Value,
        queues: (LetterBrowser) async throws(ProgramError) -> Value
    ) async throws(ProgramError) -> (value: Value, isIndexed: Bool) {
        if !isBrowsing(filter) {
            if let value = try await LedgerFile.read(configuration, index) { return (value, true) }
            if isOfLedger { throw noLedger(configuration.ledgerPath) }
            remark(
                "there is no ledger at \(configuration.ledgerPath) (ledger.path); looking into the queues. "
                    + "`dead-letter reindex` makes the index anew")
        }
        return (try await queues(LetterBrowser(configuration: configuration)), false)
    }

    private func isBrowsing(_ filter: LetterFilter) -> Bool { browse || filter.sources == [.unrouted] }
    private var isOfLedger: Bool { state != "open" && state != "all" }

    private func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger",
            sentence: "There is no ledger at \(path), which alone knows what is \(state).",
            remedy: "Run this where the workers run, or set ledger.path.", exit: .configuration)
    }
}
