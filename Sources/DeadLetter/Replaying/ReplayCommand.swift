internal import ArgumentParser
internal import Fleet

/// `dead-letter replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Sends dead letters back to their flow, once their cause is mended.",
        discussion: """
            Each letter is published again as it came, confirmed, written down with who and why, and only then taken \
            off the dead-letter queue. Stopped or killed half-way, the same command does exactly the rest. Letters \
            that fail again come back to the dead-letter queue and are not replayed twice by one run. With `--queue \
            unrouted`, messages that no queue wanted are published again as they were, after `stevedore topology \
            apply`.

            Examples:
              dead-letter replay 019ca9e6-1400-7000-8000-000000000001 --reason "credit limit raised"
              dead-letter replay --all --code sku.unknown --reason "FST-0099 is in the ERP now"
              dead-letter replay --all --flow orders.to-store --rate 50 --reason "store database repaired" --dry-run
              dead-letter replay --all --queue unrouted --reason "bindings restored"

            Exit codes: 0 done, 1 some were not found or came back, or it was stopped, 64 usage, 69 broker \
            unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter

    @Option(help: "Why; written on every copy and in the journal.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Flag(help: "All letters that the filters match.")
    var all = false

    @Option(help: "At most so many letters a second.")
    var rate: Double?

    @Flag(help: "Say what would be replayed; change nothing.")
    var dryRun = false

    @Flag(help: "Go on where there is no ledger; nothing is written down.")
    var withoutLedger = false

    @Argument(help: "Ids of letters, as `dead-letter list` shows them.")
    var ids: [String] = []

    func validate() throws {
        if all == !ids.isEmpty { throw ValidationError("say which: ids, or --all with filters such as --code") }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 || by.utf8.count > 200 { throw ValidationError("--reason or --by is too long") }
        if let rate, !(rate > 0 && rate <= 100_000) { throw ValidationError("--rate is above 0, not \(rate)") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            try await Replay(command: self).run()
        }
    }
}
