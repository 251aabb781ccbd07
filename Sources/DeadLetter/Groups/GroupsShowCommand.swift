internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `dead-letter groups show`.
struct GroupsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one group: its cause, its newest letters, and what people did about it.",
        discussion: """
            Examples:
              dead-letter groups show 0083126e978d4fdf
              dead-letter groups show 0083126e --json
            """)

    @OptionGroup var settings: SettingsOptions

    @Argument(help: "The group's fingerprint, as `dead-letter groups` shows it, or how it begins.")
    var fingerprint: String

    func validate() throws {
        if fingerprint.isEmpty { throw ValidationError("say which group: its fingerprint, or how it begins") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let asked = fingerprint
            let lookup = try await LedgerFile.read(configuration) { snapshot in
                try GroupLookup.find(asked, in: snapshot) { try GroupPage($0, snapshot) }
            }
            guard let lookup else { throw ProgramError.noLedgerOfGroups(configuration.ledgerPath) }
            let page = try lookup.value(of: asked)
            let now = Timestamp.now().microseconds
            Terminal.write(settings.json ? page.json.pretty() + "\n" : page.text(now: now))
        }
    }
}
