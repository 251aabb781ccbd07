internal import Fleet
internal import Models

/// Alerts as a table or as JSON.
struct AlertListing {
    let rows: [AlertRow]
    let now: Int64
    /// Whether some may be over, so that each needs to say which.
    var hasStates = false
    /// As the settings have them, to say why something waits.
    var rules: [AlertRule] = []

    func text(width: Int?) -> String {
        guard !rows.isEmpty else { return hasStates ? "No alerts.\n" : "No open alerts.\n" }
        var columns: [TextTable.Column] = [.text("ALERT"), .text("SINCE")]
        if hasStates { columns.append(.text("STATE")) }
        columns += [
            .text("SEVERITY"), .text("CODE"), .text("FLOW"), .number("COUNT"), .number("AT STAKE"), .text("TOLD"),
            .text("LOOKED AFTER BY"), .text("WHAT"),
        ]
        var table = TextTable(columns)
        for row in rows { table.add(cells(row)) }
        return table.text(width: width) + refusals
    }

    /// What reached nobody, and how it is sent after all.
    private var refusals: String {
        let hit = rows.filter { !$0.unsaid.isEmpty }
        guard let first = hit.first else { return "" }
        let count = Count.text(hit.reduce(0) { $0 + $1.unsaid.count }, "notice was", "notices were")
        let which = hit.count == 1 ? InertText.line(first.record.alert.key) : "--all-refused"
        return "\(count) refused for good (`stevedore alerts show` says why). Mend the cause, then send "
            + "again: `stevedore alerts resend \(which)`.\n"
    }

    private func cells(_ row: AlertRow) -> [String] {
        let alert = row.record.alert
        var cells = [alert.key, Age.text(microseconds: now - alert.raisedAt.microseconds) + " ago"]
        if hasStates { cells.append(alert.state.rawValue) }
        cells += [
            alert.severity.rawValue, alert.code, alert.flow ?? "-", Count.grouped(Int(alert.count)),
            AlertText.stakes(alert), InertText.cut(row.told(now: now, rules: rules), to: 60), row.attendant ?? "-",
            alert.sentence,
        ]
        return cells
    }

    var json: String { JSONValue.array(rows.map(\.json)).pretty() + "\n" }
}
