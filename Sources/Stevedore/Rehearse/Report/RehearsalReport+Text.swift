internal import Fleet

extension RehearsalReport {
    /// For people at a terminal.
    func text(width: Int?) -> String {
        var text = title + "\n\n"
        for sentence in conclusions { text += sentence + "\n" }
        text += "\n" + Self.table(measures.map { [$0.name, $0.value] }, width) + "\n"
        text += Self.table(verdict.rows.map { [$0.isGood ? "✓" : "✗", $0.name, $0.value, $0.detail] }, width)
        text += "\n" + alertHeading + (record.alerts.isEmpty ? ".\n" : ":\n")
        for alert in record.alerts { text += "  " + InertText.line(alert.line) + "\n" }
        if !record.deadLetterCodes.isEmpty {
            text += "\nDead letters: " + InertText.line(record.deadLetterCodes.joined(separator: ", ")) + "\n"
        }
        if let folder = record.keptIn { text += "\nLedger, the ERP's books and logs are in \(folder).\n" }
        return text
    }

    /// Columns without headings.
    private static func table(_ rows: [[String]], _ width: Int?) -> String {
        let count = rows.map(\.count).max() ?? 0
        var table = TextTable((0..<count).map { _ in .text("") })
        for row in rows { table.add(row) }
        return table.lines(width: width.map { $0 - 2 }).dropFirst().map { "  \(Self.trimmed($0))\n" }.joined()
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension RehearsedAlert {
    /// `error outage/erp: Nothing can be … (over) → anna@example.com`.
    var line: String {
        let whom = told.isEmpty ? "nobody by your rules" : told.joined(separator: ", ")
        return "\(severity) \(key): \(sentence)\(isOver ? " (over)" : "") → \(whom)"
    }
}
