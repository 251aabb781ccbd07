internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// `stevedore alerts resend`.
struct AlertsResendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Sends again what a mail server or webhook refused for good.",
        discussion: """
            What is refused (a mail with 5xx, a post with 410) is not tried again by itself, because it would be \
            refused again. Mend the cause first: the mailbox, the server, or the address in `alerts.rules`. Then this \
            has the alerts-worker send it now, in quiet hours as well. Of an alert that is over only its end is still \
            said. Whom no rule names any more is not written to; whom the same rules name instead, because an address \
            was corrected, is told as well. It is written down who did it, when and why. Once nothing is refused any \
            more, the same command does nothing.

            Examples:
              stevedore alerts resend drift/products
              stevedore alerts resend 5f1d7a90 --note "the mailbox was full" --by anna
              stevedore alerts resend --all-refused --note "the relay knows our domain again"

            Exit codes: 0 done, or nothing was refused, 1 no or more than one such alert, 64 usage, 69 ledger busy, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Of all alerts, whatever was refused.")
    var allRefused = false

    @Option(help: "Why it will be taken now.")
    var note: String?

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The alert's key, as `stevedore alerts list` shows it, or how it begins, also behind the slash.")
    var key: String?

    func validate() throws {
        guard (key == nil) == allRefused else {
            throw ValidationError("say which: an alert's key or how it begins, or --all-refused")
        }
        if key == "" { throw ValidationError("say which alert: its key, or how it begins") }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.count > 120 { throw ValidationError("--by has at most 120 characters") }
        if let note, note.allSatisfy(\.isWhitespace) { throw ValidationError("--note must say something") }
        if let note, note.utf8.count > 1_000 { throw ValidationError("a note has at most 1000 bytes") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let planner = NoticePlanner(
                rules: configuration.alertRules, webhook: configuration.alertWebhook?.url.text)
            let order = AlertResend(planner: planner, by: by, note: note, now: Timestamp.now().microseconds)
            let asked = key
            let outcome = try await AlertsLedger.write(configuration) { try $0.resend(asked, order) }
            Terminal.write(output.json ? outcome.json.pretty() + "\n" : outcome.text)
        }
    }
}
