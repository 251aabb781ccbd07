internal import Fleet
internal import Ledger

/// What people say of a group, in words and for programs.
enum GroupText {
    /// `note "ask the supplier", assigned to bob, silenced until …`; nothing where nobody says anything.
    static func words(_ note: DeadLetterGroupNote, now: Int64) -> String {
        var words: [String] = []
        if let text = note.note { words.append("note \"\(InertText.line(text))\"") }
        if let person = note.assignee { words.append("assigned to \(InertText.line(person))") }
        if note.isSilenced(at: now) { words.append("silenced until \(TimeText.text(note.silencedUntil ?? 0))") }
        return words.joined(separator: ", ")
    }

    /// One member each; all null where nobody says anything.
    static func json(_ note: DeadLetterGroupNote?) -> JSONValue {
        [
            "note": .optional(note?.note), "assignee": .optional(note?.assignee),
            "silencedUntil": TimeText.json(note?.silencedUntil), "changedBy": .optional(note?.changedBy),
            "changedAt": TimeText.json(note?.changedAt),
        ]
    }
}
