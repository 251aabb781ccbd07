internal import ArgumentParser
internal import Fleet

/// `dead-letter replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Sends dead letters back to their flow, once their cause is mended.",
        discussion: """
            First a plan: each letter is judged, and what would fail again is left where it is (--force sends it all the \
            same), while what has arrived meanwhile, or was overtaken, is only taken off the queue. Then they go in steps \
            of 1, 10, 100 and so on; after each step it waits for what comes of it, and stops when one fails again for \
            the cause that it had, or two for a new one. Each letter is published again as it came, confirmed, written down with who and why, \
            and only then taken off the dead-letter queue. Stopped or killed half-way, the same command does exactly the \
            rest. Where no worker takes letters from their flow it does not wait. With `--queue unrouted`, messages that \
            no queue wanted are published again as they were, after `stevedore topology apply`.

            With --recipe or --patch each letter is corrected first, as `dead-letter edit` does, and the corrected \
            message goes to the flow under an id of its own. The patch is tried on all letters before anything moves; \
            while it does not fit some, nothing does, unless --partial leaves those as they are.

            Examples:
              dead-letter replay 019ca9e6-1400-7000-8000-000000000001 --reason "credit limit raised"
              dead-letter replay --all --code sku.unknown --reason "FST-0099 is in the ERP now"
              dead-letter replay --all --flow orders.to-store --rate 50 --reason "store database repaired" --dry-run
              dead-letter replay --all --queue unrouted --reason "bindings restored"
              dead-letter replay --all --fingerprint 9f86d081 --recipe unit-mtr --reason "unit as agreed" --dry-run
              dead-letter replay --all --code sku.unknown --patch sku.json --partial --reason "SKU renamed"

            The last line counts what was done and what stays: "others looked at and left" are letters that it \
            came past and that were not meant, and "of the selected still open", after Ctrl-C, are those that the \
            same command would look at next.

            Exit codes: 0 done, 1 some were not found or came back, nothing was sent although letters are left, a \
            patch did not fit, or it was stopped, 64 usage, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter
    @OptionGroup var choice: ErrandOptions
    @OptionGroup var correction: CorrectionOptions

    @Option(help: "At most so many letters a second.")
    var rate: Double?

    @Flag(help: "Send also what would fail again.")
    var force = false

    @Option(help: "Seconds to wait for what comes of each step.")
    var patience = 60

    @Flag(help: "Send all at once and wait for nothing.")
    var noCanary = false

    @Flag(help: "Go on where there is no ledger; nothing is written down.")
    var withoutLedger = false

    func validate() throws {
        try choice.check()
        try correction.check(filter, withoutLedger: withoutLedger)
        if let rate, !(rate > 0 && rate <= 100_000) { throw ValidationError("--rate is above 0, not \(rate)") }
        guard (1...900).contains(patience) else { throw ValidationError("--patience is from 1 to 900 seconds") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            var errand = LetterErrand(
                deed: .replay, filter: filter, ids: choice.ids,
                order: ReplayOrder(by: choice.by, reason: choice.reason), isDryRun: choice.dryRun,
                isJSON: settings.json, isApproved: choice.yes, rate: rate)
            errand.isForced = force
            errand.patience = noCanary ? nil : .seconds(patience)
            errand.withoutLedger = withoutLedger
            let configuration = try settings.load()
            errand.recipe = try await correction.applied(configuration)
            try await ErrandRun(errand, configuration).run()
        }
    }
}
