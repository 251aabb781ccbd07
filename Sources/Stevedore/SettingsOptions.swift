internal import ArgumentParser
internal import Fleet

/// Where a command's settings come from.
struct SettingsOptions: ParsableArguments {
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    /// The settings, checked.
    func load() throws(ProgramError) -> Configuration {
        try ProgramLauncher.configuration(file: config)
    }
}

/// How a command prints its data.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON for programs instead of text for people.")
    var json = false
}

/// Says `sentence` on standard error under the program's name, unless `isQuiet`.
func remark(_ sentence: String, unless isQuiet: Bool = false) {
    if !isQuiet { Terminal.say("stevedore: " + sentence, to: .error) }
}
