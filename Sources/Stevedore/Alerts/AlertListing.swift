internal import Fleet
internal import Models

/// Alerts as a table or as JSON.
struct AlertListing {
    let rows: [AlertRow]
    let now: Int64
    /// Whether some may be over, so that each needs to say which.
    var hasStates = false

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
        return table.text(width: width)
    }

    private func cells(_ row: AlertRow) -> [String] {
        let alert = row.record.alert
        var cells = [alert.key, Age.text(microseconds: now - alert.raisedAt.microseconds) + " ago"]
        if hasStates { cells.append(alert.state.rawValue) }
        cells += [
            alert.severity.rawValue, alert.code, alert.flow ?? "-", Count.grouped(Int(alert.count)),
            AlertText.stakes(alert), InertText.cut(row.told(now: now), to: 60), row.attendant ?? "-", alert.sentence,
        ]
        return cells
    }

    var json: String { JSONValue.array(rows.map(\.json)).pretty() + "\n" }
}
