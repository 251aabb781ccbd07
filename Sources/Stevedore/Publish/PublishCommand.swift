internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore publish`.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Checks messages and publishes them, each one confirmed by the broker.",
        discussion: """
            A file holds one message; a file named .ndjson or .jsonl, or any input with --ndjson, one message a \
            line. A message that breaks its contract is not published: it is shown with its line and every fault, \
            and the rest goes on. Ctrl-C stops after what is on its way, and says from which line to go on.

            Examples:
              stevedore publish order.json
              stevedore publish --rate 200 monday.ndjson
              stevedore publish --dry-run *.json
              export-orders | stevedore publish --ndjson -
              stevedore publish --from-line 10251 monday.ndjson

            Exit codes: 0 all confirmed, 1 some refused or stopped early, 64 usage, 69 broker unavailable, 78 \
            configuration, or messages found no queue.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Files with messages; - is standard input.")
    var files: [String]

    @Flag(help: "One message a line, whatever the file is called.")
    var ndjson = false

    @Option(help: "At most so many messages a second.")
    var rate: Double?

    @Flag(help: "Check only; publish nothing.")
    var dryRun = false

    @Option(help: "Skip the lines before this one.")
    var fromLine = 1

    func validate() throws {
        if let rate, !(rate > 0 && rate <= 1_000_000) { throw ValidationError("--rate is above 0, not \(rate)") }
        if fromLine < 1 { throw ValidationError("--from-line counts from 1") }
        let isStream = files.count == 1 && (ndjson || MessageSource.isStream(files[0]))
        if fromLine > 1 && !isStream { throw ValidationError("--from-line needs one input with a message a line") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            try await Publication(command: self).run()
        }
    }
}
