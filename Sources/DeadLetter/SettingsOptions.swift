internal import ArgumentParser
internal import Fleet
internal import Ledger

/// Where a command's settings come from, and how it prints its data.
struct SettingsOptions: ParsableArguments {
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    @Flag(help: "Print JSON for programs instead of text for people.")
    var json = false

    /// The settings, checked.
    func load() throws(ProgramError) -> Configuration {
        try ProgramLauncher.configuration(file: config)
    }
}

/// Says `sentence` on standard error under the program's name.
func remark(_ sentence: String) { Terminal.say("dead-letter: " + sentence, to: .error) }

extension ProgramError {
    /// Any failure of the ledger's work.
    init(ledger error: any Error) {
        self = (error as? LedgerError).map { ProgramError($0) } ?? .unexpected(error)
    }
}
