internal import ArgumentParser

/// `stevedore topology`.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Creates, checks or exports the exchanges and queues of the fleet.",
        discussion: """
            Examples:
              stevedore topology apply
              stevedore topology check --json
              stevedore topology export > definitions.json && rabbitmqctl import_definitions definitions.json
            """,
        subcommands: [TopologyApplyCommand.self, TopologyCheckCommand.self, TopologyExportCommand.self])
}
