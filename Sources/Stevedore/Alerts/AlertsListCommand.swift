public import ArgumentParser
internal import Fleet
internal import Ledger
public import Models

/// `stevedore alerts list`.
struct AlertsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists alerts, those that began last first.",
        discussion: """
            TOLD says who has heard of it, or when the first mail is due and why it was not sent yet. What a server \
            refused for good is sent again by `stevedore alerts resend`.

            Examples:
              stevedore alerts list
              stevedore alerts list --severity error
              stevedore alerts list --state resolved --limit 20
              stevedore alerts list --all --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Those that are over as well.")
    var all = false

    @Option(help: "Only open or only resolved ones. Defaults to open.")
    var state: Alert.State?

    @Option(help: "At least as bad: info, warning, error or critical.")
    var severity: Alert.Severity?

    @Option(help: "The most to list.")
    var limit = 100

    func validate() throws {
        if all, state != nil { throw ValidationError("--all and --state exclude each other") }
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is from 1 to 100000") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let wanted: Alert.State? = all ? nil : state ?? .open
            let (least, limit) = (severity, limit)
            let rows = try await AlertsLedger.read(configuration) { snapshot in
                try snapshot.alertRows(wanted, atLeast: least, limit: limit)
            }
            let list = AlertListing(
                rows: rows, now: Timestamp.now().microseconds, hasStates: wanted != .open,
                rules: configuration.alertRules)
            Terminal.write(output.json ? list.json : list.text(width: Terminal.width(of: .output)))
            if rows.count == limit { remark("there may be more; --limit raises the number") }
            if configuration.alertRules.isEmpty { remark("nobody is told of alerts: alerts.rules has no rule") }
        }
    }
}

extension LedgerSnapshot {
    /// Alerts with their notices, those that began last first.
    func alertRows(_ state: Alert.State?, atLeast severity: Alert.Severity?, limit: Int) throws -> [AlertRow] {
        let records = try alerts(state, limit: severity == nil ? limit : .max)
        let shown = records.filter { record in severity.map { record.alert.severity >= $0 } ?? true }
        return try shown.prefix(limit).map { try AlertRow($0, self) }
    }
}

extension Alert.State: ExpressibleByArgument {}
extension Alert.Severity: ExpressibleByArgument {}
extension Alert.Kind: ExpressibleByArgument {}
