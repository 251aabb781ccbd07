internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology apply`.
struct TopologyApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Creates what is missing on the broker; changes and deletes nothing.",
        discussion: """
            Safe to repeat. Everything is compared first: while anything exists in another shape nothing is created, \
            and each difference is shown with its fix.

            Examples:
              stevedore topology apply
              STEVEDORE_AMQP_URLS=amqp://topology:secret@broker/shop stevedore topology apply

            Exit codes: 0 in place, 69 broker unavailable, 78 configuration, or something exists in another shape.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let plan = TopologyPlan.fleet()
            let result = try await TopologyApplication.apply(plan, configuration)
            if let refusal = result.refusal { throw ProgramError(refusal) }
            let report = TopologyReport(findings: result.findings, plan: plan)
            guard report.findings.isEmpty else { return try report.fail(json: output.json, exit: .configuration) }
            Terminal.say(output.json ? report.json.pretty() : "In place: \(plan.summary(withBindings: true)).")
        }
    }
}
