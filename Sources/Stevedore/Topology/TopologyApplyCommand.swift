internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology apply`.
struct TopologyApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Creates what is missing on the broker; changes and deletes nothing.",
        discussion: """
            Safe to repeat. When a queue exists in another shape, nothing is changed: the difference and its fix are shown.

            Examples:
              stevedore topology apply
              STEVEDORE_AMQP_URLS=amqp://topology:secret@broker/shop stevedore topology apply

            Exit codes: 0 in place, 1 something exists in another shape, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let plan = TopologyPlan.fleet()
            let findings = try await TopologyApplication.apply(plan, configuration)
            guard findings.isEmpty else {
                try TopologyReport(findings: findings, plan: plan).fail(json: output.json)
                return
            }
            output.json
                ? Terminal.say(TopologyReport(findings: [], plan: plan).json.pretty())
                : Terminal.say("In place: \(plan.summary).")
        }
    }
}

/// Applies a plan, and says everything that stands in the way, not only the first thing.
enum TopologyApplication {
    /// Returns what exists in another shape; empty when the plan is in place.
    static func apply(
        _ plan: TopologyPlan, _ configuration: Configuration
    ) async throws(ProgramError) -> [TopologyDoctor.Finding] {
        try await BrokerDesk.withAdmin(configuration, "stevedore") { admin throws(BrokerError) in
            let doctor = TopologyDoctor(admin: admin, plan: plan)
            do throws(BrokerError) {
                try await doctor.apply()
                return []
            } catch {
                guard case .preconditionFailed = error else { throw error }
                return try await doctor.check()
            }
        }
    }
}
