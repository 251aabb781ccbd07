internal import ArgumentParser
internal import Fleet

/// The program `alerts-worker`.
@main
struct AlertsWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts-worker",
        abstract: "Tells people what went wrong, and what did not happen, by mail and signed posts.",
        discussion: """
            Watches the ledger for dead letters, batches that are held back, outages, missed expectations and drift, makes \
            an alert of each, and consumes the queue `alerts`, where any program may put more. Who is told of what is in \
            `alerts.rules`. Start as many as you like: each alert is told once. While the mail server is away, alerts wait. \
            That the disk of the ledger runs full is an alert; that the ledger cannot be written is told without it.

            Examples:
              alerts-worker
              alerts-worker --config /etc/stevedore.yaml
              STEVEDORE_ALERTS_MAIL_PASSWORD_FILE=/run/secrets/smtp alerts-worker

            SIGTERM finishes what is in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("alerts-worker") { () throws(ProgramError) in
            try await buildAlertsWorker(ProgramLauncher.configuration(file: config))
        }
    }
}
