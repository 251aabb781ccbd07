/// One fault that a worker wrote on a dead letter.
struct LetterFault: Hashable, Sendable {
    var pointer: String
    var rule: String
    var sentence: String

    /// Reads the header: one fault a line, its parts separated by tabs. A header cut to size may end in half a line.
    static func list(_ text: String) -> [LetterFault] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return LetterFault(
                pointer: parts[0], rule: parts.count > 1 ? parts[1] : "", sentence: parts.count > 2 ? parts[2] : "")
        }
    }
}
