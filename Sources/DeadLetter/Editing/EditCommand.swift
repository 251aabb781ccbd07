internal import ArgumentParser
internal import Fleet

/// `dead-letter edit`.
struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Corrects a dead letter and sends the corrected message to its flow.",
        discussion: """
            The letter itself is never altered: the corrected message is a new one, with an id of its own that names \
            the letter's, and the same source, type, subject and revision. It is checked against its contract first, \
            and nothing happens while that has any fault. Then it is written down with who and why, published, and \
            the letter taken off its queue; killed half-way, the workers and the next `dead-letter replay` do the rest.

            Without --patch the body is opened in your editor (VISUAL, else EDITOR), indented. Numbers and strings \
            that you leave alone stay exactly as they are. What you typed is kept when it is refused.

            A patch is a JSON Patch (RFC 6902). Its pointers go into the whole CloudEvents document: \
            /data/lines/0/sku. Where the attributes are in the headers (binary mode), they go into the data alone, \
            /lines/0/sku, and the attributes stay.

            Examples:
              dead-letter edit 019ca9e6-1400-7000-8000-000000000001 --reason "unit corrected with the buyer"
              dead-letter edit 019ca9e6-1400-7000-8000-000000000001 --patch unit.json --reason "unit" --dry-run
              echo '[{"op": "replace", "path": "/data/lines/0/unit", "value": "MTR"}]' |
                dead-letter edit 019ca9e6-1400-7000-8000-000000000001 --patch - --reason "unit" --json

            Exit codes: 0 done or nothing changed, 1 refused, 64 usage, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions

    @Option(help: "A file with a JSON Patch; - is standard input.")
    var patch: String?

    @Option(help: "A file with the whole corrected body, such as a refused edit keeps it; - is standard input.")
    var document: String?

    @Option(help: "Why; written on the message and in the journal.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Flag(help: "Say what would be changed and whether it keeps the contract; change nothing.")
    var dryRun = false

    @Argument(help: "The letter's id, as `dead-letter list` shows it.")
    var id: String

    func validate() throws {
        if patch != nil && document != nil { throw ValidationError("give one of --patch and --document") }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 || by.utf8.count > 200 { throw ValidationError("--reason or --by is too long") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            try await EditRun(command: self).run()
        }
    }
}
