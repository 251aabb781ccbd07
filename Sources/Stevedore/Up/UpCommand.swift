internal import ArgumentParser
internal import Fleet

/// `stevedore up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Runs everything on one machine, in one readable log, until Ctrl-C.",
        discussion: """
            Creates the topology, or finds it in place as a user who may not, then starts the workers and one erp-feed \
            (and the ERP simulator, its books beside the ledger) from the directory of this program. What dies is \
            started again, a little later each time. Ctrl-C, SIGTERM or closing the terminal lets everything finish \
            within worker.grace; a second Ctrl-C ends it at once. Nothing is left running, also when this program is \
            killed. With health.port set, each program takes the next port from there, the feed the last.

            Examples:
              stevedore up --with-simulator
              stevedore up --workers 4 --config /etc/stevedore.yaml
              stevedore up --with-simulator -- --latency 50ms --capacity 32

            Exit codes: 0 stopped, 1 failure, or something had to be killed, 69 the broker or the simulator's port \
            is unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions

    @Option(help: "How many workers of each kind; 0 starts no feed either.")
    var workers = 2

    @Flag(help: "Also start the ERP simulator, on the port of erp.rest.url.")
    var withSimulator = false

    @Argument(parsing: .postTerminator, help: "Options of erp-simulator.")
    var simulatorArguments: [String] = []

    func validate() throws {
        guard (0...64).contains(workers) else { throw ValidationError("--workers is from 0 to 64, not \(workers)") }
        if !withSimulator && !simulatorArguments.isEmpty {
            throw ValidationError("options after -- are the simulator's: add --with-simulator")
        }
        if workers == 0 && !withSimulator { throw ValidationError("there is nothing to run") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let plan = UpPlan(
                configuration: configuration, configFile: settings.config, workers: workers,
                withSimulator: withSimulator, simulatorArguments: simulatorArguments)
            try await UpRun(programs: plan.programs(), configuration: configuration).run()
        }
    }
}
