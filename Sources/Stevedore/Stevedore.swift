internal import ArgumentParser
internal import Fleet

/// The program `stevedore`: the operator's command.
@main
struct Stevedore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stevedore", abstract: "Runs, feeds and explains the fleet between store and ERP.",
        discussion: HelpText.overview, version: FleetVersion.current,
        subcommands: [
            UpCommand.self, TopologyCommand.self, PublishCommand.self, StatusCommand.self, WhyCommand.self,
            AlertsCommand.self, ExpectationsCommand.self, OutagesCommand.self, QuoteCommand.self,
            ReconcileCommand.self, ContractsCommand.self, ConfigCommand.self, EraseCommand.self,
            RehearseCommand.self,
        ])
}
