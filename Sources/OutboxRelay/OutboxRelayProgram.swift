internal import ArgumentParser
internal import Fleet

/// The program `outbox-relay`.
@main
struct OutboxRelayProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox-relay", abstract: "Publishes what a store has written into its own outbox.",
        discussion: HelpText.program, version: FleetVersion.current,
        subcommands: [RunCommand.self, SchemaCommand.self, StatusCommand.self, RetryCommand.self],
        defaultSubcommand: RunCommand.self)
}
