internal import ArgumentParser
internal import Fleet

/// `stevedore erase`.
struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Removes a person's data from the fleet; totals and the record of events stay.",
        discussion: """
            Names, e-mail addresses, telephone numbers, streets, cities, postal codes and tax ids give way to a mark, \
            or to nothing: in the bodies that the ledger keeps, the journal, the index of dead letters and their \
            queues, alerts, what waits to be published or posted, parked batches, the store's tables, and the exports \
            that are named. Numbers, codes, price lists, products, quantities, amounts, revisions, countries and \
            regions stay as they are, whatever the person is called.

            With both --customer and --email whoever is meant by either goes, not only who is meant by both.

            Without --apply it only counts, and says what would be left. It may be stopped or killed at any point: the \
            same command does the rest, and once nothing is left it finds nothing. Erase the person in the ERP and in \
            the store first: what they tell the fleet again is new to it.

            An order that the ERP has not answered is left alone, for without its addresses it cannot be delivered; \
            run it again later, or say --including-open. One that is a dead letter is never answered by itself: \
            replay it, or give it up with `dead-letter discard … --tell-store`, and run it again. Letters that another \
            command or program holds are not seen; that is said, and the same command does the rest. Messages in flow \
            and retry queues are never touched. Backups, and files that are not named, are not reached.

            Examples:
              stevedore erase --customer C-2044 --reason "request of 3 March"
              stevedore erase --customer C-2044 --reason "request of 3 March" --apply
              stevedore erase --email ana.ruiz@northwind.example --reason "left the company" --apply
              stevedore erase --customer C-2044 --reason "request" --export letters.ndjson --apply

            Exit codes: 0 erased, or without --apply counted, also when something would be left; 1 something was left, \
            or it was stopped; 64 usage; 69 broker or ledger unavailable; 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "All persons of this account, by the ERP's number; with --email also those.")
    var customer: String?

    @Option(help: "The person with this address: the contact, and the orders that name it; with --customer also those.")
    var email: String?

    @Option(help: "Why; written in the record of what people did. Do not name the person there.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Flag(help: "Do it; without this flag it is only counted.")
    var apply = false

    @Flag(help: "Also orders that the ERP has not answered: they cannot be delivered afterwards.")
    var includingOpen = false

    @Option(parsing: .upToNextOption, help: "Files of `dead-letter export` to write anew without the person.")
    var export: [String] = []

    @Flag(help: "Leave the dead-letter queues alone, for when the broker is away.")
    var withoutBroker = false

    @Flag(help: "Do not write the ledger's file anew, which keeps workers waiting: traces may stay between its rows.")
    var keepFile = false

    func validate() throws {
        guard customer != nil || email != nil else { throw ValidationError("say whom: --customer or --email") }
        if let customer, customer.allSatisfy(\.isWhitespace) {
            throw ValidationError("--customer must name an account")
        }
        if let email, !email.dropFirst().dropLast().contains("@") {
            throw ValidationError("--email is an e-mail address, as the orders have it")
        }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 || by.utf8.count > 200 { throw ValidationError("--reason or --by is too long") }
        if [customer, email].compactMap({ $0 }).contains(where: { reason.lowercased().contains($0.lowercased()) }) {
            throw ValidationError("--reason is kept: do not name there whom you erase")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            try await EraseRun(command: self, configuration: try settings.load()).run()
        }
    }

    /// Whom to erase, who says so, and why.
    var order: EraseOrder {
        EraseOrder(
            account: customer, email: email, by: by, reason: reason, includesOpen: includingOpen, isApplied: apply)
    }
}
