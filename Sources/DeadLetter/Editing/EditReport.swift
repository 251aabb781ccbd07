internal import Fleet

/// What an edit has come to, for people and for programs.
struct EditReport {
    let id: String
    let isDryRun: Bool
    let changes: [JSONChange]
    /// Nil when nothing was changed.
    var successor: String?
    var flow: String?
    /// Why the corrected message is still in the outbox.
    var unsent: String?
    /// Why the letter is still in its queue.
    var unremoved: String?

    /// Lines for a terminal.
    var text: String {
        guard !changes.isEmpty else { return "Nothing changed." }
        let shown = changes.prefix(200).map(\.line)
        let rest = changes.count - shown.count
        return (shown + (rest > 0 ? ["… \(Count.text(rest, "more change"))"] : []) + [sentence])
            .joined(separator: "\n")
    }

    private var sentence: String {
        let name = InertText.line(id)
        guard let successor else { return "Would edit \(name); the corrected message keeps its contract." }
        var sentences = ["Edited \(name) as \(successor)."]
        sentences.append(
            unsent.map { "It waits in the ledger's outbox, and any worker publishes it: \($0)" }
                ?? "It is in \(flow ?? "its flow").")
        if let unremoved {
            sentences.append(
                "\(name) is still in its queue, and the next `dead-letter replay` takes it off: \(unremoved)")
        }
        return sentences.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "id": .string(id), "dryRun": .boolean(isDryRun), "editedAs": .optional(successor),
            "flow": .optional(flow), "isPublished": .boolean(successor != nil && unsent == nil),
            "isOffQueue": .boolean(successor != nil && unremoved == nil), "faults": .array([]),
            "changes": .array(changes.map(\.json)),
        ]
    }

    /// Why the letter was not edited, for programs.
    static func json(_ id: String, _ refusal: EditRefusal) -> JSONValue {
        [
            "id": .string(id), "editedAs": .null, "code": .string(refusal.error.code),
            "sentence": .string(refusal.error.sentence),
            "faults": .array(refusal.faults.map(fault)),
        ]
    }

    private static func fault(_ fault: LetterFault) -> JSONValue {
        ["pointer": .string(fault.pointer), "rule": .string(fault.rule), "sentence": .string(fault.sentence)]
    }

    /// All faults, for people.
    static func table(_ faults: [LetterFault]) -> String {
        var table = TextTable([.text("FAULT AT"), .text("RULE"), .text("WHAT IS WRONG")])
        for fault in faults { table.add([fault.pointer, fault.rule, fault.sentence]) }
        return table.text()
    }
}

extension JSONChange {
    /// For programs.
    var json: JSONValue {
        ["pointer": .string(pointer), "before": .optional(before), "after": .optional(after)]
    }
}
