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
              dead-letter list --category rejected --older 2h
              dead-letter list --subject 'SO-10*' --newer 7d
              dead-letter list --fingerprint 0083126e978d4fdf --limit 1000
              dead-letter list --queue unrouted
              dead-letter list --subject SO-1001 --state all --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter
    @OptionGroup var listing: ListingOptions

    func validate() throws { try listing.check(filter) }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let (query, limit) = (filter.query(state: listing.wanted), listing.limit)
            let (rows, isIndexed) = try await listing.find(
                configuration, filter,
                index: { try $0.deadLetters(query, limit: limit).map { LetterRow($0) } }, queues: browse)
            let list = LetterListing(rows: rows, now: Timestamp.now().microseconds)
            Terminal.write(settings.json ? list.json : list.text(width: Terminal.width(of: .output)))
            if rows.count == limit { remark("there may be more; --limit raises the number") }
            remarkCauses(rows)
            if isIndexed { await compare(configuration) }
        }
    }

    private func browse(_ browser: LetterBrowser) async throws(ProgramError) -> [LetterRow] {
        let letters = try await browser.newest(filter.sources, limit: listing.limit, where: filter.matches)
        let rows = letters.map { LetterRow($0) }.sorted { $0.lastFailedAt > $1.lastFailedAt }
        return Array(rows.prefix(listing.limit))
    }

    /// Who gives the beginning of a fingerprint means one cause.
    private func remarkCauses(_ rows: [LetterRow]) {
        let causes = Set(rows.map(\.fingerprint)).count
        guard let fingerprint = filter.fingerprint, causes > 1 else { return }
        remark("these are of \(Count.text(causes, "group")): more than one begins with \(InertText.line(fingerprint))")
    }

    /// The broker dead-letters by itself what keeps crashing workers, and the index does not know.
    private func compare(_ configuration: Configuration) async {
        let (sources, browser) = (filter.sources, LetterBrowser(configuration: configuration))
        if let lost = try? await browser.count([.unrouted]), lost > 0 {
            remark("\(Count.text(lost, "message")) found no queue: `dead-letter list --queue unrouted`")
        }
        // Of all flows at once they are counted within an index.
        let flow = sources.count == 1 ? sources.first?.flow : nil
        let known = try? await LedgerFile.read(configuration) { try $0.deadLetterCount(DeadLetterFilter(flow: flow)) }
        guard let known, let there = try? await browser.count(sources), there != known else { return }
        remark(
            "the queues hold \(Count.text(there, "letter")), the index knows \(Count.grouped(known)) open; "
                + "`dead-letter list --browse` shows the queues. What has been dealt with goes with `dead-letter replay`, "
                + "what the index lacks comes with `dead-letter reindex`")
    }
}
