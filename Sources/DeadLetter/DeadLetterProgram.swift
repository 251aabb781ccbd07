internal import ArgumentParser
internal import Fleet

/// The program `dead-letter`.
@main
struct DeadLetterProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letter", abstract: "Lists, shows and replays the messages that a person must look at.",
        discussion: HelpText.overview, version: FleetVersion.current,
        subcommands: [
            ListCommand.self, GroupsCommand.self, ShowCommand.self, EditCommand.self, ReplayCommand.self,
            DiscardCommand.self, RecipesCommand.self, ExportCommand.self, ImportCommand.self, ReindexCommand.self,
        ])
}
