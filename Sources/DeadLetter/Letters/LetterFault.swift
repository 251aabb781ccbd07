internal import Models

/// One fault of a dead letter.
struct LetterFault: Hashable, Sendable {
    var pointer: String
    var rule: String
    var sentence: String

    /// What a reader found.
    static func list(_ error: ContractError) -> [LetterFault] {
        error.faults.map { LetterFault(pointer: $0.pointer, rule: $0.rule, sentence: $0.sentence) }
    }

    /// Reads the header: one fault a line, its parts separated by tabs. A header cut to size may end in half a line.
    static func list(_ text: String) -> [LetterFault] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return LetterFault(
                pointer: parts[0], rule: parts.count > 1 ? parts[1] : "", sentence: parts.count > 2 ? parts[2] : "")
        }
    }
}
