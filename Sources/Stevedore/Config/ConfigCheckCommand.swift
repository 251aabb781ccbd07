internal import ArgumentParser
internal import Fleet

/// `stevedore config check`.
struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks every setting and shows the effective values, secrets hidden.",
        discussion: """
            Examples:
              stevedore config check
              stevedore config check --config /etc/stevedore.yaml

            Exit codes: 0 all right, 78 something is wrong; every fault is named.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            if let fault = EffectiveSettings.fault(settings) { throw fault.error }
            if let fault = EffectiveSettings.ledgerFault(try settings.load().ledgerPath) { throw fault }
            Terminal.write(EffectiveSettings(settings).text(json: output.json))
            for variable in Configuration.strangeVariables(in: ProgramLauncher.environment) {
                remark("No setting is called \(InertText.line(variable)): the variable has no effect.")
            }
            if !output.json { Terminal.say("\nEvery setting is right.") }
        }
    }
}
