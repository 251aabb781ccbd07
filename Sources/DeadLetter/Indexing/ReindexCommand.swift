internal import ArgumentParser
internal import Fleet

/// `dead-letter reindex`.
struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Rebuilds the ledger's index of dead letters from their queues.",
        discussion: """
            Walks through every dead-letter queue, leaves it as it was, and adds to the index what it does not have, \
            with its body; a ledger that is lost is made anew. A letter that was replayed, resolved or discarded is \
            not opened again: it is said. So is what the index has as open but no queue holds; --close-missing \
            discards those rows, unless somebody else holds letters meanwhile.

            Examples:
              dead-letter reindex --dry-run
              dead-letter reindex
              dead-letter reindex --close-missing --reason "queues purged on purpose, INC-4711"

            Exit codes: 0 done, 1 it was stopped, or nothing could be closed, 64 usage, 69 broker unavailable, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions

    @Flag(help: "Say what would be done; change nothing.")
    var dryRun = false

    @Flag(help: "Discard what the index has as open and no queue holds; its body is kept as long as others.")
    var closeMissing = false

    @Option(help: "Why, with --close-missing; written in the journal and in the index.")
    var reason: String?

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    func validate() throws {
        if closeMissing && (reason ?? "").allSatisfy(\.isWhitespace) {
            throw ValidationError("--close-missing needs a --reason that says something")
        }
        if !closeMissing && reason != nil { throw ValidationError("--reason is for --close-missing") }
        if (reason ?? "").utf8.count > 1_000 || by.utf8.count > 200 {
            throw ValidationError("--reason or --by is too long")
        }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            try await Reindex(command: self).run()
        }
    }
}
