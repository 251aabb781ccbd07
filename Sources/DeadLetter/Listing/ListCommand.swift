internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `dead-letter list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the dead letters, the newest first.",
        discussion: """
            Reads the ledger's index. Where there is no ledger, or with --browse, it looks into the queues instead and
            leaves them as they were.

            Examples:
              dead-letter list
              dead-letter list --flow orders.to-erp --code 'rejected.*'
              dead-letter list --subject SO-1001 --state all --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter

    @Option(help: "Where their story stands: open, replayed, resolved, discarded or all.")
    var state = "open"

    @Option(help: "At most so many.")
    var limit = 100

    @Flag(help: "Look into the queues instead of the ledger.")
    var browse = false

    func validate() throws {
        guard state == "all" || DeadLetterState(rawValue: state) != nil else {
            throw ValidationError("--state is open, replayed, resolved, discarded or all, not \(state)")
        }
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000000") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let indexed = browse ? nil : try await index(configuration)
            if indexed == nil && !browse {
                remark("there is no ledger at \(configuration.ledgerPath) (ledger.path); looking into the queues")
            }
            let rows: [LetterRow]
            if let indexed { rows = indexed } else { rows = try await browseQueues(configuration) }
            let listing = LetterListing(rows: rows, now: Timestamp.now().microseconds)
            Terminal.write(settings.json ? listing.json : listing.text(width: Terminal.width(of: .output)))
            if rows.count == limit { remark("there may be more; --limit raises the number") }
            if indexed != nil { await compare(configuration) }
        }
    }

    private func index(_ configuration: Configuration) async throws(ProgramError) -> [LetterRow]? {
        let (filter, limit) = (filter, limit)
        let query = DeadLetterFilter(
            state: DeadLetterState(rawValue: state), flow: filter.flow, type: filter.type, subject: filter.subject)
        return try await LedgerFile.read(configuration) { snapshot in
            // A pattern of codes is beyond the index, so matching rows are picked here.
            try snapshot.deadLetters(query, limit: filter.code == nil ? limit : 1_000_000)
                .filter { filter.matches(flow: $0.flow, code: $0.code, type: $0.type, subject: $0.subject) }
                .prefix(limit).map { LetterRow($0) }
        }
    }

    private func browseQueues(_ configuration: Configuration) async throws(ProgramError) -> [LetterRow] {
        let letters = try await LetterBrowser(configuration: configuration).letters(flows: filter.flows, limit: limit) {
            filter.matches(flow: $0.flow, code: $0.code, type: $0.type, subject: $0.subject)
        }
        return letters.map { LetterRow($0) }.sorted { $0.lastFailedAt > $1.lastFailedAt }
    }

    /// The broker dead-letters by itself what keeps crashing workers, and the index does not know.
    private func compare(_ configuration: Configuration) async {
        let flows = filter.flows
        let known = try? await LedgerFile.read(configuration) { snapshot in
            try flows.reduce(0) { try $0 + snapshot.deadLetterCount(DeadLetterFilter(flow: $1)) }
        }
        guard let known, let there = try? await LetterBrowser(configuration: configuration).count(flows: flows),
            there != known
        else { return }
        remark(
            "the queues hold \(Count.text(there, "letter")), the index knows \(Count.grouped(known)) open; "
                + "`dead-letter list --browse` shows the queues")
    }
}
