internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed parked`.
struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "Batches of changes that look like a mistake, until a person has decided.",
        discussion: """
            A page of changes that would take away most of the stock, or move most prices by much, is held back. What \
            changes later is told, unless it goes on with the mistake within 15 minutes. Release a batch if it is right; \
            discard it and correct the ERP if it is not.

            Examples:
              erp-feed parked
              erp-feed parked show 3
              erp-feed parked release 3 4
              erp-feed parked release --stream prices
              erp-feed parked discard 3
            """,
        subcommands: [
            ParkedListCommand.self, ParkedShowCommand.self, ParkedReleaseCommand.self, ParkedDiscardCommand.self,
        ], defaultSubcommand: ParkedListCommand.self)
}

/// `erp-feed parked list`.
struct ParkedListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists what is held back, and why.")

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let batches = try await FeedLedger.read(ProgramLauncher.configuration(file: config)) {
                try $0.parkedBatches()
            }
            guard !batches.isEmpty else { return Terminal.say("Nothing is parked.") }
            var table = TextTable([
                .number("BATCH"), .text("STREAM"), .text("AGE"), .number("CHANGES"), .text("REASON"),
            ])
            let now = Timestamp.now().microseconds
            for batch in batches {
                table.add([
                    String(batch.id), batch.stream, Age.text(microseconds: now - batch.at), String(batch.messages),
                    batch.reason,
                ])
            }
            Terminal.write(table.lines().joined(separator: "\n") + "\n")
        }
    }
}

/// `erp-feed parked show`.
struct ParkedShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what a batch would change.")

    @Argument(help: "The batch's number.")
    var number: Int64
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let batches = try await FeedLedger.read(ProgramLauncher.configuration(file: config)) {
                try $0.parkedBatches()
            }
            guard let batch = batches.first(where: { $0.id == number }) else {
                throw ProgramError(noBatch: "No batch \(number) is parked.")
            }
            Terminal.say("\(batch.stream): \(batch.reason)")
            for line in batch.diff { Terminal.say("  \(InertText.line(line))") }
        }
    }
}

/// `erp-feed parked release`.
struct ParkedReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Tells batches after all; what has changed since stays.")

    @OptionGroup var choice: ParkedChoice

    func run() async {
        await choice.decide { transaction, number in
            try transaction.release(number).map { changes in
                "\(Count.text(changes, "change")) of batch \(number) will be told by a running program."
            }
        }
    }
}

/// `erp-feed parked discard`.
struct ParkedDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Forgets batches; their objects are told when they change again, or by resync.")

    @OptionGroup var choice: ParkedChoice

    func run() async {
        await choice.decide { transaction, number in
            try transaction.discard(number) ? "Batch \(number) is discarded." : nil
        }
    }
}
