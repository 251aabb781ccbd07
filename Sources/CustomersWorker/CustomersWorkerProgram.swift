internal import ArgumentParser
internal import Fleet

/// The program `customers-worker`.
@main
struct CustomersWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customers-worker",
        abstract: "Brings the ERP's accounts and prices to the store.",
        discussion: """
            Consumes customers.to-store and writes the tables that the store reads: accounts with their terms, credit and \
            assortment, and what they pay. Start as many as you like: the newest revision of an account, and of each price \
            version, wins whatever the order of arrival.

            Examples:
              customers-worker
              customers-worker --config /etc/stevedore.yaml

            SIGTERM finishes what is in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("customers-worker") { () throws(ProgramError) in
            try await buildCustomersWorker(ProgramLauncher.configuration(file: config))
        }
    }
}
