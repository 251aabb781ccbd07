internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed parked`.
struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "Batches of changes that look like a mistake, until a person has decided.",
        discussion: """
            A page of changes that would take away most of the stock, or move most prices by much, is held back. Nothing \
            else is: what changes later is told. Release it if it is right; discard it and correct the ERP if it is not.

            Examples:
              erp-feed parked
              erp-feed parked show 3
              erp-feed parked release 3
              erp-feed parked discard 3
            """,
        subcommands: [
            ParkedListCommand.self, ParkedShowCommand.self, ParkedReleaseCommand.self, ParkedDiscardCommand.self,
        ], defaultSubcommand: ParkedListCommand.self)
}

/// Which batch, and where the ledger is.
struct ParkedOptions: ParsableArguments {
    @Argument(help: "The batch's number.")
    var number: Int64
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    var unknown: ProgramError {
        ProgramError(
            code: "feed.no-batch", sentence: "No batch \(number) is parked.",
            remedy: "`erp-feed parked` lists them.", exit: .failure)
    }
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

    @OptionGroup var options: ParkedOptions

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let batches = try await FeedLedger.read(ProgramLauncher.configuration(file: options.config)) {
                try $0.parkedBatches()
            }
            guard let batch = batches.first(where: { $0.id == options.number }) else { throw options.unknown }
            Terminal.say("\(batch.stream): \(batch.reason)")
            for line in batch.diff { Terminal.say("  \(InertText.line(line))") }
        }
    }
}

/// `erp-feed parked release`.
struct ParkedReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Tells a batch after all; what has changed since stays.")

    @OptionGroup var options: ParkedOptions

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let number = options.number
            let released = try await FeedLedger.write(ProgramLauncher.configuration(file: options.config)) {
                try $0.release(number)
            }
            guard let released else { throw options.unknown }
            Terminal.say("\(Count.text(released, "change")) of batch \(number) will be told by a running program.")
        }
    }
}

/// `erp-feed parked discard`.
struct ParkedDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Forgets a batch; its objects are told when they change again.")

    @OptionGroup var options: ParkedOptions

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let number = options.number
            let isDone = try await FeedLedger.write(ProgramLauncher.configuration(file: options.config)) {
                try $0.discard(number)
            }
            guard isDone else { throw options.unknown }
            Terminal.say("Batch \(number) is discarded.")
        }
    }
}
