internal import ArgumentParser
internal import Fleet

/// `outbox-relay schema`.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the SQL of the table; changes nothing.",
        discussion: """
            The statements may be run again: what is there stays as it is. They belong into the migrations of the \
            store, whose table it is.

            Examples:
              outbox-relay schema
              outbox-relay schema | sqlite3 shop.db
            """)

    func run() { Terminal.write(OutboxTable.script) }
}
