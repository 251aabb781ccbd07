internal import ArgumentParser
internal import Fleet

/// The program `orders-worker`.
@main
struct OrdersWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders-worker",
        abstract: "Brings orders from the store to the ERP, and the ERP's answers to the store.",
        discussion: """
            Consumes orders.to-erp and orders.to-store, and notes in orders.taken what the store has sold before the ERP \
            knows it. Start as many as you like: never two work on one order.

            Examples:
              orders-worker
              orders-worker --config /etc/stevedore.yaml --only to-erp
              STEVEDORE_AMQP_URLS=amqp://orders:secret@broker/ orders-worker

            SIGTERM finishes what is in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    @Option(help: "Only one flow: to-erp, to-store or taken.")
    var only: OrdersDirection?

    func run() async {
        await ProgramLauncher.serve("orders-worker") { () throws(ProgramError) in
            try await buildOrdersWorker(ProgramLauncher.configuration(file: config), only: only)
        }
    }
}

/// The flows of orders.
enum OrdersDirection: String, ExpressibleByArgument, CaseIterable {
    case toERP = "to-erp"
    case toStore = "to-store"
    case taken
}
