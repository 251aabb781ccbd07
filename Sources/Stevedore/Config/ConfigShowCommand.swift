internal import ArgumentParser
internal import Fleet

/// `stevedore config show`.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows every setting, its value and where it comes from.",
        discussion: """
            Secrets are hidden. Works with wrong settings too; `config check` says what is wrong with them.

            Examples:
              stevedore config show
              stevedore config show --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        Terminal.write(EffectiveSettings(settings).text(json: output.json))
    }
}
