internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `stevedore alerts show`.
struct AlertsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one alert: what it says, and who was told what, when and why not.",
        discussion: """
            Examples:
              stevedore alerts show dead-letter/5f1d7a90c3b2e864
              stevedore alerts show 5f1d7a90
              stevedore alerts show outage/erp --json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The alert's key, as `stevedore alerts list` shows it, or how it begins, also behind the slash.")
    var key: String

    func validate() throws {
        if key.isEmpty { throw ValidationError("say which alert: its key, or how it begins") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let asked = key
            let configuration = try settings.load()
            let row = try await AlertsLedger.read(configuration) { snapshot in
                let record = try snapshot.alert(meaning: asked)
                return AlertRow(record, try snapshot.notices(of: record.alert.key))
            }
            let page = AlertPage(row: row, rules: configuration.alertRules)
            let now = Timestamp.now().microseconds
            Terminal.write(output.json ? page.row.json.pretty() + "\n" : page.text(now: now))
        }
    }
}

/// Everything about one alert.
struct AlertPage: Hashable, Sendable {
    /// With the notices of all its episodes.
    let row: AlertRow
    /// As the settings have them, to say why something waits.
    var rules: [AlertRule] = []

    func text(now: Int64) -> String { summary(now).text() + "\n" + notices(now) }

    private func summary(_ now: Int64) -> TextTable {
        let (alert, record) = (row.record.alert, row.record)
        var table = TextTable([.text("ALERT"), .text(InertText.line(alert.key))])
        table.add(["what", alert.sentence])
        table.add(["state", alert.state == .open ? "open" : "resolved at \(alert.resolvedAt?.description ?? "-")"])
        table.add(["severity", alert.severity.rawValue])
        table.add(["code", alert.code + (alert.category.map { " (\($0))" } ?? "")])
        table.add(["kind", alert.kind.rawValue])
        table.add(["flow", alert.flow ?? "-"])
        table.add(["count", Count.grouped(Int(alert.count))])
        table.add(["at stake", AlertText.stakes(alert)])
        table.add(["of", Self.list(alert.subjects)])
        table.add(["accounts", Self.list(alert.accounts)])
        table.add(["began", "\(alert.raisedAt) (\(Age.text(microseconds: now - alert.raisedAt.microseconds)) ago)"])
        table.add(["happened last", alert.lastAt.description])
        table.add(["looked after by", attendance(record)])
        if let note = record.note { table.add(["note", note]) }
        if !alert.remedy.isEmpty { table.add(["what to do", alert.remedy]) }
        for command in alert.commands { table.add(["", command]) }
        for link in alert.links { table.add(["see", link]) }
        return table
    }

    private func attendance(_ record: AlertRecord) -> String {
        guard let name = row.attendant else { return "nobody" }
        return record.acknowledgedBy == nil ? name : "\(name), since \(AlertText.time(record.acknowledgedAt))"
    }

    private static func list(_ texts: [String]) -> String { texts.isEmpty ? "-" : texts.joined(separator: ", ") }

    private func notices(_ now: Int64) -> String {
        guard !row.notices.isEmpty else { return "Nobody is told of it: no rule was for it when its messages came.\n" }
        var table = TextTable([.text("BEGAN"), .text("RECIPIENT"), .text("RULE"), .text("SAYS"), .text("FATE")])
        for notice in row.notices {
            table.add([
                AlertText.time(notice.episode), AlertText.recipient(notice), notice.rule,
                AlertText.occasion(notice.occasion), row.fate(of: notice, now: now, rules: rules),
            ])
        }
        return table.text() + refusals
    }

    private var refusals: String {
        guard !row.unsaid.isEmpty else { return "" }
        return "What was refused is not tried again by itself. Mend the cause, then send it again: "
            + "`stevedore alerts resend \(InertText.line(row.record.alert.key))`.\n"
    }
}
