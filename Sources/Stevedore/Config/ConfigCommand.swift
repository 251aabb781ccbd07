internal import ArgumentParser

/// `stevedore config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows and checks the settings.",
        discussion: """
            Examples:
              stevedore config check --config /etc/stevedore.yaml
              stevedore config show --json
            """,
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self])
}
