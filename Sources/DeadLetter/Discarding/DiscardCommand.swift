internal import ArgumentParser
internal import Fleet

/// `dead-letter discard`.
struct DiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Gives dead letters up that nobody needs any more.",
        discussion: """
            What a letter says is not applied. With --tell-store, an order that the ERP has nothing of is answered as \
            rejected, and its buyer reads the reason word for word: write it for them, and name no colleague in it. \
            With --dry-run it says of each such order what its buyer would read. Without --tell-store nobody is told, \
            and the store goes on showing the order as received. The body is kept in the ledger, with who discarded it \
            and why, and only then does the letter leave its queue. Stopped or killed half-way, the same command does \
            exactly the rest. "Others looked at and left" are letters that it came past and that were not meant; it \
            ends as soon as all that were named are found.

            Examples:
              dead-letter discard 019ca9e6-1400-7000-8000-000000000001 --reason "test order of the agency"
              dead-letter discard --all --flow inventory.to-store --code 'malformed.*' --reason "sent again corrected"
              dead-letter discard --all --code sku.unknown --reason "no longer sold" --tell-store --dry-run
              dead-letter discard --all --code sku.unknown --reason "no longer sold" --tell-store
              dead-letter discard --all --fingerprint 9f86d081 --reason "the campaign was called off" --dry-run

            Exit codes: 0 done, 1 some were not found, or it was stopped, 64 usage, 69 broker unavailable, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter
    @OptionGroup var choice: ErrandOptions
    @Flag(help: "Answer orders that the ERP has nothing of as rejected; their buyers read the reason word for word.")
    var tellStore = false

    func validate() throws { try choice.check() }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            var errand = LetterErrand(
                deed: .discard, filter: filter, ids: choice.ids,
                order: ReplayOrder(by: choice.by, reason: choice.reason), isDryRun: choice.dryRun,
                isJSON: settings.json, isApproved: choice.yes)
            errand.tellsStore = tellStore
            let configuration = try settings.load()
            try await ErrandRun(errand, configuration).run()
            guard choice.dryRun, tellStore, !settings.json else { return }
            let preview = try await RejectionPreview.read(errand, configuration)
            Terminal.write(preview.text(width: Terminal.width(of: .output)))
        }
    }
}
