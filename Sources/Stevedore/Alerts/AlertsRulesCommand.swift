internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// `stevedore alerts rules`.
struct AlertsRulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Shows the rules in words, and whom they would tell of an alert, and when.",
        discussion: """
            With --for or --example it says which rules would count if such an alert began now. Nothing is sent. Of \
            what an example does not say nobody can know whether a rule that asks for it counts: that depends. Without \
            severity and kind it is an error, of a dead letter.

            Examples:
              stevedore alerts rules
              stevedore alerts rules --for dead-letter/5f1d7a90c3b2e864
              stevedore alerts rules --example code=sku.unknown,category=rejected,flow=orders.to-erp,severity=error
              stevedore alerts rules --example "severity=critical,customer=C-2044,at-stake=12000 USD" --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("for"), help: "The key of an alert that there is or was, or how it begins.")
    var key: String?

    @Option(
        help: "An alert made up of code, flow, category, kind, severity, customer, at-stake: NAME=VALUE,…",
        transform: { try AlertExample.read($0) })
    var example: AlertExample?

    func validate() throws {
        if key != nil, example != nil { throw ValidationError("--for and --example exclude each other") }
        if key == "" { throw ValidationError("say which alert: its key, or how it begins") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let rules = configuration.alertRules
            if rules.isEmpty { remark("nobody is told of alerts: alerts.rules has no rule", unless: output.json) }
            guard let alert = try await alert(configuration) else { return show(rules) }
            let trial = RuleTrial(
                rules: rules, webhook: configuration.alertWebhook?.url.text, alert: alert,
                unsaid: example?.unsaid ?? [], now: Timestamp.now().microseconds)
            Terminal.write(output.json ? trial.json.pretty() + "\n" : trial.text)
        }
    }

    private func alert(_ configuration: Configuration) async throws(ProgramError) -> Alert? {
        guard let key else { return example?.alert }
        return try await AlertsLedger.read(configuration) { try $0.alert(meaning: key).alert }
    }

    private func show(_ rules: [AlertRule]) {
        let texts = rules.map { RuleText(rule: $0) }
        let json = JSONValue.array(texts.map(\.json)).pretty() + "\n"
        Terminal.write(output.json ? json : texts.map(\.text).joined(separator: "\n"))
    }
}
