internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore contracts example`.
struct ContractsExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Prints an example message that keeps its contract.",
        discussion: """
            Examples:
              stevedore contracts example order.placed.v1
              stevedore contracts example order.placed.v1 --all
              stevedore contracts example order.placed.v1 | stevedore publish -
            """)

    @Flag(help: "Every example there is of the type.")
    var all = false
    @Argument(help: "The message type.")
    var type: KnownType

    func run() {
        let examples = Catalogue.examples(for: type.type)
        for example in all ? examples[...] : examples.prefix(1) { Terminal.write(example.text.endingLine) }
    }
}
