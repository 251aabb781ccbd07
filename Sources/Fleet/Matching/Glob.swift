/// A text in which `*` stands for any text and `?` for any one character. Case matters, and nothing else is special.
///
/// Compares as the ledger does: character by character of Unicode, however they would look together.
package struct Glob: Hashable, Sendable {
    package let text: String
    private let pattern: [Unicode.Scalar]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.unicodeScalars)
    }

    /// Whether only the text itself matches.
    package var isLiteral: Bool { !pattern.contains { $0 == "*" || $0 == "?" } }
    /// Whether everything matches, even nothing.
    package var isOpen: Bool { !pattern.isEmpty && pattern.allSatisfy { $0 == "*" } }

    package func matches(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        var (place, read) = (0, 0)
        // The last star, and where what follows it was looked for: one further when it was not there.
        var star: (place: Int, read: Int)?
        while read < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, read)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[read] {
                (place, read) = (place + 1, read + 1)
            } else if let last = star {
                star = (last.place, last.read + 1)
                (place, read) = (last.place + 1, last.read + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
