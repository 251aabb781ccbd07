internal import ArgumentParser

/// `stevedore contracts`.
struct ContractsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts", abstract: "The message types: schemas, examples, and a check of your own messages.",
        discussion: """
            Examples:
              stevedore contracts list
              stevedore contracts example order.placed.v1 > order.json
              stevedore contracts validate order.json
              stevedore contracts export contracts/
            """,
        subcommands: [
            ContractsListCommand.self, ContractsShowCommand.self, ContractsSchemaCommand.self,
            ContractsExampleCommand.self, ContractsValidateCommand.self, ContractsExportCommand.self,
        ])
}
