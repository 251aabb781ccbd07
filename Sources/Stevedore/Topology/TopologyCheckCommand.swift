internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology check`.
struct TopologyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compares the broker with the plan and prints the fix of each difference.",
        discussion: """
            Changes nothing. Bindings cannot be seen over AMQP: they are compared only with --management (or the \
            setting amqp.management), over the HTTP interface of the broker's management plugin, as the user in that \
            address or else that of the broker's. The shape of a queue or exchange is compared only as a user with \
            the configure permission on it, such as stevedore-topology. What was not compared is said.

            Examples:
              stevedore topology check
              stevedore topology check --management http://127.0.0.1:15672
              stevedore topology check --json

            Exit codes: 0 they agree, 1 they differ, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Address of the management plugin, such as http://127.0.0.1:15672, to compare bindings too.")
    var management: String?

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let plan = TopologyPlan.fleet()
            let management = try ManagementAPI(configuration, address: management)
            var examination = try await BrokerDesk.withAdmin(configuration, "stevedore") { admin throws(BrokerError) in
                try await TopologyDoctor(admin: admin, plan: plan).examine()
            }
            if let management {
                let there = try await management.bindings()
                examination.findings += plan.bindings.filter { !there.contains($0) }.map { .missing($0) }
            }
            let report = TopologyReport(
                findings: examination.findings, plan: plan, uncompared: examination.uncompared,
                sawBindings: management != nil)
            guard report.findings.isEmpty else { return try report.fail(json: output.json, exit: .failure) }
            Terminal.write(output.json ? report.json.pretty() + "\n" : report.agreement)
        }
    }
}
