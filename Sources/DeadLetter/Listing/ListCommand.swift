internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `dead-letter list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the dead letters, the newest first.",
        discussion: """
            Reads the ledger's index. Where there is no ledger, or with --browse, it looks into the queues instead \
            and leaves them as they were; the same for `--queue unrouted`, which is what no queue wanted when it was \
            published.

            Examples:
              dead-letter list
              dead-letter list --flow orders.to-erp --code 'malformed.*'
              dead-letter list --category rejected
              dead-letter list --queue unrouted
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
        if (browse || filter.sources == [.unrouted]) && state != "open" && state != "all" {
            throw ValidationError("what lies in the queues is open; --state \(state) is in the ledger only")
        }
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000000") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let isBrowsing = browse || filter.sources == [.unrouted]
            let indexed = isBrowsing ? nil : try await index(configuration)
            if indexed == nil && !isBrowsing {
                if state != "open" && state != "all" { throw Self.noLedger(configuration.ledgerPath, state) }
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
            state: DeadLetterState(rawValue: state), flow: filter.sources.count == 1 ? filter.sources[0].flow : nil,
            type: filter.type, subject: filter.subject, category: filter.category)
        return try await LedgerFile.read(configuration) { snapshot in
            // A pattern of codes is beyond the index, so matching rows are picked here.
            try snapshot.deadLetters(query, limit: filter.code == nil ? limit : 1_000_000)
                .map { LetterRow($0) }.filter(filter.matches).prefix(limit) + []
        }
    }

    private func browseQueues(_ configuration: Configuration) async throws(ProgramError) -> [LetterRow] {
        let letters = try await LetterBrowser(configuration: configuration).newest(
            filter.sources, limit: limit, where: filter.matches)
        let rows = letters.map { LetterRow($0) }.sorted { $0.lastFailedAt > $1.lastFailedAt }
        return Array(rows.prefix(limit))
    }

    private static func noLedger(_ path: String, _ state: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger",
            sentence: "There is no ledger at \(path), which alone knows what is \(state).",
            remedy: "Run this where the workers run, or set ledger.path.", exit: .configuration)
    }

    /// The broker dead-letters by itself what keeps crashing workers, and the index does not know.
    private func compare(_ configuration: Configuration) async {
        let (sources, browser) = (filter.sources, LetterBrowser(configuration: configuration))
        if let lost = try? await browser.count([.unrouted]), lost > 0 {
            remark("\(Count.text(lost, "message")) found no queue: `dead-letter list --queue unrouted`")
        }
        let known = try? await LedgerFile.read(configuration) { snapshot in
            try sources.reduce(0) { try $0 + snapshot.deadLetterCount(DeadLetterFilter(flow: $1.flow)) }
        }
        guard let known, let there = try? await browser.count(sources), there != known else { return }
        remark(
            "the queues hold \(Count.text(there, "letter")), the index knows \(Count.grouped(known)) open; "
                + "`dead-letter list --browse` shows the queues")
    }
}
