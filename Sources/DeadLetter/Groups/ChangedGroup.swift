internal import Fleet
internal import Ledger

/// What a person has just said of a group, and what was said before: another may have changed it meanwhile.
struct ChangedGroup: Hashable, Sendable {
    var fingerprint: String
    var change: DeadLetterGroupChange
    var before: DeadLetterGroupNote?
    var after: DeadLetterGroupNote?

    func text(now: Int64) -> String {
        guard let before else { return sentence + "\n" }
        let words = GroupText.words(before, now: now)
        let (who, age) = (InertText.line(before.changedBy), TimeText.age(before.changedAt, now: now))
        return "\(sentence)\nBefore: \(words.isEmpty ? "nothing" : words); changed by \(who) \(age) ago.\n"
    }

    private var sentence: String {
        let group = "Group \(InertText.line(fingerprint))"
        switch change {
        case .note(let text?): return "\(group) has the note \"\(InertText.line(text))\"."
        case .note(nil): return "\(group) has no note."
        case .assignee(let person?): return "\(group) is assigned to \(InertText.line(person))."
        case .assignee(nil): return "\(group) is assigned to nobody."
        case .silence(let end?): return "\(group) is silenced until \(TimeText.text(end))."
        case .silence(nil): return "\(group) is not silenced."
        }
    }

    var json: JSONValue {
        let group: JSONValue = ["fingerprint": .string(fingerprint)]
        return group.merging(GroupText.json(after)).merging([
            "before": before.map { GroupText.json($0) } ?? .null
        ])
    }
}
