internal import Fleet

/// Dead letters as a table or as JSON.
struct LetterListing {
    let rows: [LetterRow]
    let now: Int64

    func text(width: Int?) -> String {
        guard !rows.isEmpty else { return "No dead letters.\n" }
        let showsState = rows.contains { $0.state != "open" }
        var table = TextTable(
            [
                .text("ID"), .text("FLOW"), .text("TYPE"), .text("SUBJECT"), .text("CODE"), .number("TRIES"),
                .text("AGE"),
            ]
                + (showsState ? [.text("STATE")] : []) + [.text("WHY")])
        for row in rows {
            let age = TimeText.age(row.lastFailedAt, now: now)
            table.add(
                [row.id, row.flow, row.type, row.subject, row.code, String(row.attempts), age]
                    + (showsState ? [row.state] : []) + [row.sentence])
        }
        return table.text(width: width)
    }

    var json: String { JSONValue.array(rows.map(json)).pretty() + "\n" }

    private func json(_ row: LetterRow) -> JSONValue {
        [
            "id": .string(row.id), "flow": .string(row.flow), "type": .string(row.type),
            "subject": .string(row.subject), "revision": .optional(row.revision), "code": .string(row.code),
            "category": .string(row.category), "fingerprint": .string(row.fingerprint),
            "sentence": .string(row.sentence), "attempts": .integer(Int64(row.attempts)),
            "firstFailedAt": TimeText.json(row.firstFailedAt), "lastFailedAt": TimeText.json(row.lastFailedAt),
            "state": .string(row.state), "note": .optional(row.note),
        ]
    }
}
