internal import Models

/// What makes a message in structured mode this one and no other. An edit keeps it, but may give what is missing, and
/// mend what the contract itself refuses.
struct LetterIdentity {
    private let letter: Letter
    private let original: JSONTree?
    /// What the contract says against the letter.
    private let faults: [Fault]
    private static let names = ["id", "source", "type", "subject", "revision"]

    init(_ letter: Letter, _ original: JSONTree?, _ faults: [Fault]) {
        self.letter = letter
        self.original = original
        self.faults = faults
    }

    /// One fault for each part of it that `corrected` changes.
    func changes(in corrected: JSONTree) -> [LetterFault] {
        // Anything else is no message, as its contract will say.
        guard case .object = corrected else { return [] }
        return Self.names.compactMap { name in
            guard let kept = value(name), isFixed(name, kept) else { return nil }
            let now = corrected[name]
            guard now?.plain != kept.plain else { return nil }
            let rest = now.map { ", not \($0.text)" } ?? ", and it is missing"
            return LetterFault(pointer: "/" + name, rule: "identity", sentence: "must stay \(kept.text)" + rest)
        }
    }

    /// Nil where it is missing. Of a body that is no JSON, what could be picked out of it.
    private func value(_ name: String) -> JSONTree? {
        if case .object = original {
            guard let value = original?[name], value.plain != nil else { return nil }
            return value
        }
        let found = ["type": letter.type, "subject": letter.subject][name] ?? nil
        return found.map { .string(JSONString($0)) }
    }

    private func isFixed(_ name: String, _ value: JSONTree) -> Bool {
        // Which type it is decides about everything else, so one that is unknown here is not guessed at either.
        if name == "type", case .string(let text) = value, !text.value.isEmpty { return true }
        // Of two that do not match, either may be the wrong one; then the data is what is corrected.
        return !faults.contains { $0.pointer == "/" + name && $0.rule != "matches" }
    }
}

extension JSONTree {
    /// The bytes that a string or a number says; a revision may be written as either. Nil for null.
    fileprivate var plain: [UInt8]? {
        switch self {
        case .string(let string): Array(string.value.utf8)
        case .null: nil
        case .number, .boolean, .array, .object: compact
        }
    }
}
