internal import ArgumentParser
internal import Fleet

/// `outbox-relay run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Publishes until it is stopped.",
        discussion: """
            Examples:
              outbox-relay run
              outbox-relay run --config /etc/stevedore.yaml
            """)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.servePublisher("outbox-relay") { () throws(ProgramError) in
            try await buildOutboxRelay(ProgramLauncher.configuration(file: config))
        }
    }
}
