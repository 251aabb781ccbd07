internal import ArgumentParser
internal import Fleet

/// The program `erp-feed`.
@main
struct ERPFeedProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erp-feed", abstract: "Tells the store what changes in the ERP.",
        discussion: """
            Reads products, stock, prices, accounts, shipments and orders from the ERP as they change, and publishes each \
            as a message. Where it is in each stream is in the ledger, and moves only when the broker has everything: \
            whatever is killed, nothing is left out. The first start reads everything.

            Examples:
              erp-feed
              erp-feed run --config /etc/stevedore.yaml
              erp-feed status
              erp-feed resync products
              erp-feed resync stock --warehouse EAST
              erp-feed gaps
              erp-feed parked

            SIGTERM finishes the pages in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped or done, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current,
        subcommands: [
            RunCommand.self, StatusCommand.self, GapsCommand.self, ResyncCommand.self, ParkedCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}

/// `erp-feed run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Reads until it is stopped.")

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("erp-feed") { () throws(ProgramError) in
            try await buildERPFeed(ProgramLauncher.configuration(file: config))
        }
    }
}
