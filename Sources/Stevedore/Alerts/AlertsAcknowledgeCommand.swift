internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `stevedore alerts acknowledge`.
struct AlertsAcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge", abstract: "Says that somebody looks after an alert, so that nobody else is called.",
        discussion: """
            What was to be sent because nobody had acted is not sent any more. The alert stays open until its cause is \
            gone, and whoever was told of it is told of its end. Acknowledging again takes the place of what was said \
            before. It is written down who did it, when and why.

            Examples:
              stevedore alerts acknowledge dead-letter/5f1d7a90c3b2e864
              stevedore alerts acknowledge 5f1d7a90 --note "asked purchasing for the SKU" --by anna
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "What is known, or being done.")
    var note: String?

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The alert's key, as `stevedore alerts list` shows it, or how it begins, also behind the slash.")
    var key: String

    func validate() throws {
        if key.isEmpty { throw ValidationError("say which alert: its key, or how it begins") }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.count > 120 { throw ValidationError("--by has at most 120 characters") }
        if let note, note.allSatisfy(\.isWhitespace) { throw ValidationError("--note must say something") }
        if let note, note.utf8.count > 1_000 { throw ValidationError("a note has at most 1000 bytes") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let (asked, by, note) = (key, by, note)
            let now = Timestamp.now().microseconds
            let made = try await AlertsLedger.write(try settings.load()) { transaction in
                try transaction.acknowledge(asked, by: by, note: note, now: now)
            }
            Terminal.write(output.json ? made.json.pretty() + "\n" : made.text(now: now))
        }
    }
}
