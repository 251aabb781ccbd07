internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore contracts validate`.
struct ContractsValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks messages against their contract and names every fault.",
        discussion: """
            Needs no broker. A file holds one message, or one a line when it is named .ndjson or .jsonl.

            Examples:
              stevedore contracts validate order.json
              stevedore contracts validate --json monday.ndjson
              generate-order | stevedore contracts validate -

            Exit codes: 0 all valid, 1 some are not, 64 usage (a file cannot be read).
            """)

    @OptionGroup var output: OutputOptions
    @Flag(help: "One message a line, whatever the file is called.")
    var ndjson = false
    @Argument(help: "Files with messages; - is standard input.")
    var files: [String]

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let interruption = Interruption()
            let report = PublishReport(isJSON: output.json, isDryRun: true)
            var counts = PublishCounts()
            var pace: Pace?
            for path in files {
                let tally = PublishTally()
                do throws(ProgramError) {
                    let isStream = ndjson || MessageSource.isStream(path)
                    try await PublishRun(
                        source: try MessageSource(path: path, isStream: isStream), lane: nil, tally: tally, user: nil,
                        report: report, interruption: interruption
                    ).run(pace: &pace)
                } catch {
                    report.summary(counts + tally.counts, nextLine: nil)
                    throw error
                }
                counts = counts + tally.counts
            }
            report.summary(counts, nextLine: nil)
            guard counts.refused > 0 else { return }
            throw ProgramError(
                code: "contracts.invalid",
                sentence: "\(Count.text(counts.refused, "message breaks", "messages break")) the contract.",
                remedy: "`stevedore contracts example TYPE` shows a right one.", exit: .failure)
        }
    }
}
