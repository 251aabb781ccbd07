internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore contracts list`.
struct ContractsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the message types, their direction and their queue.",
        discussion: """
            Examples:
              stevedore contracts list
              stevedore contracts list --json
            """)

    @OptionGroup var output: OutputOptions

    func run() {
        guard !output.json else { return Terminal.say(JSONValue.array(Catalogue.types.map { JSONValue($0) }).pretty()) }
        var table = TextTable([.text("TYPE"), .text("DIRECTION"), .text("QUEUE"), .text("WHAT IT SAYS")])
        for type in Catalogue.types {
            table.add([type.name, type.direction.rawValue, type.destination, type.summary])
        }
        Terminal.write(table.text(width: Terminal.width(of: .output)))
    }
}
