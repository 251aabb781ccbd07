internal import ArgumentParser
internal import Fleet

/// `stevedore config show`.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows every setting, its value and where it comes from.",
        discussion: """
            Secrets are hidden. Wrong settings are shown too, and what is wrong with them is said on standard error.

            Examples:
              stevedore config show
              stevedore config show --json

            Exit codes: 0 shown, 78 something is wrong, or the file cannot be read.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let fault = EffectiveSettings.fault(settings)
            // Defaults in the place of a file that nobody could read would mislead.
            if fault?.isOfWholeFile != true { Terminal.write(EffectiveSettings(settings).text(json: output.json)) }
            if let fault { throw fault.error }
        }
    }
}
