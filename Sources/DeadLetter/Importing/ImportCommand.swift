internal import ArgumentParser
internal import Fleet

/// `dead-letter import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Puts exported letters back into their dead-letter queues, byte for byte.",
        discussion: """
            The file is read to its end first: unless it is whole and every line is sound, nothing is imported \
            (--partial imports what can be). Each letter is confirmed by the broker, then put into the ledger's index \
            with who and why. What lies in its queue already, was imported before, or was dealt with since is left \
            out, so the same command does the rest after a crash, and does nothing twice. Only what the broker would \
            act on does not come back: a time to live, CC and BCC, and a user-id that is not yours (kept in \
            stevedore-producer-user).

            Examples:
              dead-letter import letters.ndjson --reason "queue purged by mistake"
              dead-letter import letters.ndjson --reason "moved to the new broker" --dry-run
              ssh old dead-letter export | dead-letter import - --reason "moved to the new broker"
              dead-letter import damaged.ndjson --partial --reason "rescued from a backup"

            Exit codes: 0 done, 1 some were not imported, or it was stopped, 64 usage, 69 broker unavailable, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions

    @Argument(help: "A file that `dead-letter export` wrote; - is standard input.")
    var file: String

    @Option(help: "Why; written in the journal and in the index.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Flag(help: "Say what would be imported; change nothing.")
    var dryRun = false

    @Flag(help: "Import what can be, also when lines are damaged or missing.")
    var partial = false

    @Flag(help: "Also what was imported before or dealt with since, unless it lies in its queue.")
    var again = false

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 || by.utf8.count > 200 { throw ValidationError("--reason or --by is too long") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            try await Import(command: self).run()
        }
    }
}
