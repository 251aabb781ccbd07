internal import Fleet
internal import Ledger

/// Everything about one group.
struct GroupPage: Hashable, Sendable {
    let fingerprint: String
    /// Of letters in all states; nil when retention took the last of them meanwhile.
    let group: GroupRow?
    let note: DeadLetterGroupNote?
    /// How many letters are in each state.
    let counts: [DeadLetterState: Int]
    /// The letters that failed last.
    let newest: [LetterRow]
    /// What people did that names the group, the newest first.
    let actions: [OperatorAction]

    init(_ fingerprint: String, _ snapshot: LedgerSnapshot) throws(LedgerError) {
        let all = DeadLetterFilter(state: nil, fingerprint: fingerprint)
        self.fingerprint = fingerprint
        note = try snapshot.groupNotes(of: [fingerprint])[fingerprint]
        group = try snapshot.deadLetterGroups(all, limit: 1).first.map { GroupRow($0, nil) }
        var counts: [DeadLetterState: Int] = [:]
        for state in DeadLetterState.allCases {
            counts[state] = try snapshot.deadLetterCount(DeadLetterFilter(state: state, fingerprint: fingerprint))
        }
        self.counts = counts
        newest = try snapshot.deadLetters(all, limit: 5).map { LetterRow($0) }
        actions = try snapshot.operatorActions(ofGroup: fingerprint, limit: 50)
    }

    func text(now: Int64) -> String {
        summary(now).text() + "\n" + letters.text() + "\n" + history
    }

    private func summary(_ now: Int64) -> TextTable {
        var table = TextTable([.text("GROUP"), .text(InertText.line(fingerprint))])
        if let letter = group?.example {
            table.add(["flow", letter.flow])
            table.add(["type", letter.type.isEmpty ? "-" : letter.type])
            table.add(["code", "\(letter.code) (\(letter.category))"])
            table.add(["why", letter.sentence])
        }
        table.add(["letters", stateTexts.joined(separator: ", ")])
        table.add(["failed first", TimeText.text(group?.firstFailedAt ?? 0)])
        table.add(["failed last", TimeText.text(group?.lastFailedAt ?? 0)])
        table.add(["note", note?.note ?? "-"])
        table.add(["assigned to", note?.assignee ?? "-"])
        table.add(["silenced until", note?.isSilenced(at: now) == true ? TimeText.text(note?.silencedUntil ?? 0) : "-"])
        if let note { table.add(["changed", "by \(note.changedBy) at \(TimeText.text(note.changedAt))"]) }
        return table
    }

    private var stateTexts: [String] {
        DeadLetterState.allCases.map { "\(Count.grouped(counts[$0] ?? 0)) \($0.rawValue)" }
    }

    private var letters: TextTable {
        var table = TextTable([.text("NEWEST"), .text("SUBJECT"), .text("STATE"), .text("FAILED LAST"), .text("WHY")])
        for row in newest {
            table.add([
                row.id, row.subject.isEmpty ? "-" : row.subject, row.state, TimeText.text(row.lastFailedAt),
                row.sentence,
            ])
        }
        return table
    }

    private var history: String {
        guard !actions.isEmpty else { return "Nobody has done anything about it by this name.\n" }
        var table = TextTable([.text("WHEN"), .text("WHO"), .text("WHAT"), .number("LETTERS"), .text("WHY")])
        for action in actions {
            table.add([
                TimeText.text(action.at), action.by, action.action, Count.grouped(action.letters), action.reason,
            ])
        }
        return table.text()
    }
}

extension GroupPage {
    /// For programs.
    var json: JSONValue {
        let letter = group?.example
        let page: JSONValue = [
            "fingerprint": .string(fingerprint), "flow": .optional(letter?.flow), "type": .optional(letter?.type),
            "code": .optional(letter?.code), "category": .optional(letter?.category),
            "sentence": .optional(letter?.sentence),
            "counts": .object(
                DeadLetterState.allCases.map {
                    JSONValue.Member(name: $0.rawValue, value: .integer(Int64(counts[$0] ?? 0)))
                }),
            "firstFailedAt": TimeText.json(group?.firstFailedAt), "lastFailedAt": TimeText.json(group?.lastFailedAt),
        ]
        return page.merging(GroupText.json(note)).merging([
            "newest": .array(newest.map(Self.letter)), "actions": .array(actions.map(Self.action)),
        ])
    }

    private static func letter(_ row: LetterRow) -> JSONValue {
        [
            "id": .string(row.id), "subject": .string(row.subject), "state": .string(row.state),
            "lastFailedAt": TimeText.json(row.lastFailedAt), "sentence": .string(row.sentence),
        ]
    }

    private static func action(_ action: OperatorAction) -> JSONValue {
        [
            "at": TimeText.json(action.at), "by": .string(action.by), "action": .string(action.action),
            "letters": .integer(Int64(action.letters)), "reason": .string(action.reason),
            "detail": .optional(action.detail),
        ]
    }
}
