internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore contracts schema`.
struct ContractsSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema (2020-12) of a message type.",
        discussion: """
            Examples:
              stevedore contracts schema order.placed.v1 > order.placed.v1.json
            """)

    @Argument(help: "The message type.")
    var type: KnownType

    func run() { Terminal.write(Catalogue.jsonSchema(for: type.type).endingLine) }
}

extension String {
    /// With exactly one line end at its end.
    var endingLine: String { hasSuffix("\n") ? self : self + "\n" }
}
