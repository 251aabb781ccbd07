internal import ArgumentParser
internal import Fleet

/// The program `inventory-worker`.
@main
struct InventoryWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory-worker",
        abstract: "Brings the ERP's products and stock to the store.",
        discussion: """
            Consumes inventory.to-store and writes the tables that the store reads. Start as many as you like: the newest \
            revision of a product, and of its stock in a warehouse, wins whatever the order of arrival.

            Examples:
              inventory-worker
              inventory-worker --config /etc/stevedore.yaml

            SIGTERM finishes what is in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("inventory-worker") { () throws(ProgramError) in
            try await buildInventoryWorker(ProgramLauncher.configuration(file: config))
        }
    }
}
