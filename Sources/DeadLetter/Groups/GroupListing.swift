internal import Fleet
internal import Ledger

/// Groups of dead letters as a table or as JSON.
struct GroupListing {
    let rows: [GroupRow]
    let now: Int64

    func text(width: Int?) -> String {
        guard !rows.isEmpty else { return "No groups of dead letters.\n" }
        let hasNotes = rows.contains { !words($0).isEmpty }
        var columns: [TextTable.Column] = [
            .text("GROUP"), .text("FLOW"), .text("CODE"), .number("COUNT"), .text("FIRST SEEN"), .text("LAST SEEN"),
            .text("EXAMPLE"),
        ]
        if hasNotes { columns.append(.text("NOTE")) }
        var table = TextTable(columns + [.text("WHY")])
        for row in rows { table.add(cells(row, hasNotes: hasNotes)) }
        return table.text(width: width)
    }

    private func cells(_ row: GroupRow, hasNotes: Bool) -> [String] {
        let letter = row.example
        var cells = [
            row.fingerprint, letter.flow, letter.code, Count.grouped(row.count), ago(row.firstFailedAt),
            ago(row.lastFailedAt), letter.subject.isEmpty ? letter.id : letter.subject,
        ]
        if hasNotes { cells.append(InertText.cut(words(row), to: 60)) }
        return cells + [letter.sentence]
    }

    var json: String { JSONValue.array(rows.map(json)).pretty() + "\n" }

    private func ago(_ time: Int64) -> String {
        time > 0 ? TimeText.age(time, now: now) + " ago" : "-"
    }

    /// Who looks after it, what is known, and whether it is silenced: what of these there is.
    private func words(_ row: GroupRow) -> String {
        guard let note = row.note else { return "" }
        let said = [note.assignee, note.note].compactMap { $0 }.joined(separator: ": ")
        let silence = note.isSilenced(at: now) ? "silenced until \(TimeText.text(note.silencedUntil ?? 0))" : ""
        return [said, silence].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func json(_ row: GroupRow) -> JSONValue {
        let letter = row.example
        let group: JSONValue = [
            "fingerprint": .string(row.fingerprint), "flow": .string(letter.flow), "code": .string(letter.code),
            "category": .string(letter.category), "count": .integer(Int64(row.count)),
            "firstFailedAt": TimeText.json(row.firstFailedAt), "lastFailedAt": TimeText.json(row.lastFailedAt),
            "example": ["id": .string(letter.id), "subject": .string(letter.subject)],
            "sentence": .string(letter.sentence),
        ]
        return group.merging(GroupText.json(row.note))
    }
}

extension JSONValue {
    /// The members of both objects.
    func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let first) = self, case .object(let second) = other else { return self }
        return .object(first + second)
    }
}
