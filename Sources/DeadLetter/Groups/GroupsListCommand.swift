internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `dead-letter groups list`.
struct GroupsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the groups of dead letters, the largest first.",
        discussion: """
            Reads the ledger's index. Where there is no ledger, or with --browse, it looks into the queues instead \
            and leaves them as they were. EXAMPLE and WHY are of the letter that failed last.

            Examples:
              dead-letter groups
              dead-letter groups --code 'rejected.*' --older 2d
              dead-letter groups --subject 'SO-10*' --state all
              dead-letter groups --silenced --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter
    @OptionGroup var listing: ListingOptions

    @Flag(help: "Silenced groups as well.")
    var silenced = false

    func validate() throws { try listing.check(filter) }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let now = Timestamp.now().microseconds
            let (query, limit) = (filter.query(state: listing.wanted), listing.limit)
            let silencedAt = silenced ? nil : now
            let found = try await listing.find(
                configuration, filter,
                index: { try GroupFindings($0, query, silencedAt: silencedAt, limit: limit) }, queues: browse
            ).value
            let list = GroupListing(rows: found.rows, now: now)
            Terminal.write(settings.json ? list.json : list.text(width: Terminal.width(of: .output)))
            if found.rows.count == limit { remark("there may be more; --limit raises the number") }
            if found.silenced > 0 {
                let verb = found.silenced == 1 ? "is" : "are"
                remark("\(Count.text(found.silenced, "group")) more \(verb) silenced; --silenced shows all")
            }
        }
    }

    private func browse(_ browser: LetterBrowser) async throws(ProgramError) -> GroupFindings {
        var tally = GroupTally()
        // None is the one: so it looks at all of them and keeps none.
        _ = try await browser.first(filter.sources) { letter in
            let row = LetterRow(letter)
            if filter.matches(row) { tally.add(row) }
            return false
        }
        let fingerprints = tally.fingerprints
        let notes = try await LedgerFile.read(browser.configuration) { try $0.groupNotes(of: fingerprints) }
        return tally.findings(
            notes ?? [:], silencedAt: silenced ? nil : Timestamp.now().microseconds, limit: listing.limit)
    }
}
