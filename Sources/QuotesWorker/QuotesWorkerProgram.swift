internal import ArgumentParser
internal import Fleet

/// The program `quotes-worker`.
@main
struct QuotesWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quotes-worker",
        abstract: "Answers a store's questions for prices, availability, freight and tax.",
        discussion: HelpText.program, version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("quotes-worker") { () throws(ProgramError) in
            try await buildQuotesWorker(ProgramLauncher.configuration(file: config))
        }
    }
}
