internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology check`.
struct TopologyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compares the broker with the plan and prints the fix of each difference.",
        discussion: """
            Changes nothing. Bindings cannot be seen over AMQP; `topology apply` restores a missing one.

            Examples:
              stevedore topology check
              stevedore topology check --json

            Exit codes: 0 they agree, 1 they differ, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let plan = TopologyPlan.fleet()
            let findings = try await BrokerDesk.withAdmin(settings.load(), "stevedore") { admin throws(BrokerError) in
                try await TopologyDoctor(admin: admin, plan: plan).check()
            }
            let report = TopologyReport(findings: findings, plan: plan)
            guard findings.isEmpty else { return try report.fail(json: output.json) }
            Terminal.say(output.json ? report.json.pretty() : "The broker agrees with the plan: \(plan.summary).")
        }
    }
}
