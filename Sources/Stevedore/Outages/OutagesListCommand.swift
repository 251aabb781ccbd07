internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore outages list`.
struct OutagesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists outages, those that stand first, and what is planned.",
        discussion: """
            STATE is open while nobody calls, being tried when one worker calls again, and over, draining while what \
            had waited is worked off. RELAPSES says how often it seemed to be over and was not. Outages and planned \
            windows are numbered apart: there may be an outage 2 and a window 2.

            Looks only. It reads the ledger, so run it where that is.

            Examples:
              stevedore outages
              stevedore outages list --limit 5 --json
              stevedore outages list --all

            Exit codes: 0 shown, 64 usage, 69 ledger busy, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The most outages to list. Defaults to 20.")
    var limit: Int?

    @Flag(help: "All outages, and plans that are over or were cancelled as well.")
    var all = false

    func validate() throws {
        if all, limit != nil { throw ValidationError("--all and --limit exclude each other") }
        if let limit, !(1...100_000).contains(limit) { throw ValidationError("--limit is from 1 to 100000") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let (most, all, now) = (self.all ? Int.max : limit ?? 20, self.all, Timestamp.now().microseconds)
            let configuration = try settings.load()
            let found = try await OutagesLedger.readIfThere(configuration) { snapshot in
                try OutageListing(snapshot, limit: most, all: all, now: now)
            }
            let list = found ?? OutageListing(now: now)
            if output.json {
                Terminal.say(list.json.pretty())
            } else if found == nil {
                Terminal.write(OutagesLedger.nothingYet(configuration))
            } else {
                Terminal.write(list.text(width: Terminal.width(of: .output)))
            }
            if list.isCut { remark("there are more; --limit raises the number, --all shows all") }
        }
    }
}
