/// What somebody typed, and how else it may be spelled.
struct WhyQuestion: Hashable, Sendable {
    /// Without the blanks around it.
    let typed: String

    /// The longest name that is looked for; nothing that has one is longer.
    static let longest = 200

    init(_ text: String) {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        typed = String(rest)
    }

    /// The name without what people leave out, add or change without meaning another one: case, blanks, hyphens.
    static func folded(_ text: String) -> String {
        String(text.lowercased().filter { !$0.isWhitespace && !"-_/.#".contains($0) })
    }

    /// Other spellings of the same name, none of them the typed one: other case, other separators. Bounded.
    var spellings: [String] {
        let bare = String(typed.filter { !$0.isWhitespace })
        let parts = Self.parts(typed)
        var found = [bare, String(typed.drop { $0 == "#" })]
        if parts.count > 1, parts.count <= 6 {
            found += ["", "-", " ", "_", "/", "."].map { parts.joined(separator: $0) }
        }
        // Only the first boundary between letters and digits is one in `SO-10A`.
        if parts.count > 2, parts.count <= 6, let first = parts.first {
            let rest = parts.dropFirst().joined()
            found += ["-", " ", "_"].map { first + $0 + rest }
        }
        found += [typed] + found.flatMap { [$0.uppercased(), $0.lowercased()] }
        found += [typed.uppercased(), typed.lowercased()]
        return Self.unique(found).filter { $0 != typed && !$0.isEmpty }
    }

    /// What one slip of the finger may have made of another name: two characters changed over, one too many, a letter
    /// for the digit that looks like it. Bounded.
    var slips: [String] {
        let characters = Array(typed)
        guard (3...24).contains(characters.count) else { return [] }
        var found: [String] = []
        for index in characters.indices {
            var shorter = characters
            shorter.remove(at: index)
            found.append(String(shorter))
            if index + 1 < characters.count {
                var swapped = characters
                swapped.swapAt(index, index + 1)
                found.append(String(swapped))
            }
            for alike in Self.alike[characters[index]] ?? [] {
                var changed = characters
                changed[index] = alike
                found.append(String(changed))
            }
        }
        return Self.unique(found).filter { $0 != typed }
    }

    private static let alike: [Character: [Character]] = [
        "O": ["0"], "o": ["0"], "0": ["O"], "I": ["1"], "l": ["1"], "1": ["I", "l"], "B": ["8"], "8": ["B"],
        "S": ["5"], "5": ["S"], "Z": ["2"], "2": ["Z"],
    ]

    /// The runs of letters and of digits.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var last: Character?
        for character in text {
            let isPart = character.isLetter || character.isNumber
            if isPart, let last, last.isNumber == character.isNumber, last.isLetter == character.isLetter {
                parts[parts.count - 1].append(character)
            } else if isPart {
                parts.append(String(character))
            }
            last = isPart ? character : nil
        }
        return parts
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// Whether it has the form of most messages' ids.
    var isUUID: Bool {
        let parts = typed.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && typed.allSatisfy { $0 == "-" || $0.isHexDigit }
    }

    /// How far a name is from the typed one, in characters to change; nil when that is more than two.
    func distance(to name: String) -> Int? {
        let (one, other) = (Array(Self.folded(typed)), Array(Self.folded(name)))
        guard !one.isEmpty, abs(one.count - other.count) <= 2, other.count <= Self.longest else { return nil }
        var row = Array(0...other.count)
        for (index, character) in one.enumerated() {
            var next = [index + 1]
            for (column, candidate) in other.enumerated() {
                let change = row[column] + (character == candidate ? 0 : 1)
                next.append(min(change, row[column + 1] + 1, next[column] + 1))
            }
            row = next
        }
        return row[other.count] <= 2 ? row[other.count] : nil
    }

    /// Whether the name goes on where the typed one ends.
    func begins(_ name: String) -> Bool {
        let folded = Self.folded(typed)
        return folded.count >= 3 && Self.folded(name).hasPrefix(folded)
    }
}
