internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore alerts test`.
struct AlertsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a real test now to the people and the webhook of the rules.",
        discussion: """
            Sends without the broker, the ledger and the alerts-worker, and shows what the mail server and the webhook \
            answered for each recipient. Digests and quiet hours do not hold it up, and nothing is tried twice.

            Examples:
              stevedore alerts test
              stevedore alerts test --rule purchasing
              stevedore alerts test --to anna@example.com --json

            Exit codes: 0 all were taken, 64 usage, 69 one could not be sent, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only those whom this rule names.")
    var rule: String?

    @Option(help: "Only this mail address, whether or not a rule names it.")
    var to: String?

    func validate() throws {
        if rule != nil, to != nil { throw ValidationError("--rule and --to exclude each other") }
        if let to, TestRecipient(mail: to) == nil {
            throw ValidationError("--to must be a mail address such as anna@example.com")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let run = TestRun(configuration: configuration, recipients: try recipients(configuration))
            try run.check()
            let answers = await run.send(now: .now())
            Terminal.write(output.json ? TestRun.json(answers) : TestRun.text(answers))
            try TestRun.judge(answers)
        }
    }

    private func recipients(_ configuration: Configuration) throws(ProgramError) -> [TestRecipient] {
        if let to { return [TestRecipient(mail: to)].compactMap { $0 } }
        guard let name = rule else {
            let all = TestRecipient.all(of: configuration.alertRules)
            guard all.isEmpty else { return all }
            throw ProgramError(
                code: "alerts.no-rules", sentence: "No rule names anybody: alerts.rules is empty.",
                remedy: "Add a rule, or say whom to send a test to with --to ADDRESS.", exit: .configuration)
        }
        guard let rule = configuration.alertRules.first(where: { $0.name == name }) else {
            let names = configuration.alertRules.map { InertText.line($0.name) }.joined(separator: ", ")
            throw ProgramError(
                code: "alerts.unknown-rule", sentence: "There is no rule \(InertText.line(name)).",
                remedy: names.isEmpty ? "alerts.rules is empty." : "There are \(names).", exit: .usage)
        }
        return TestRecipient.all(of: [rule])
    }
}
