/// Makes text from anywhere fit to stand in a header: one line, nothing that steers a reader, ASCII by RFC 2047.
enum HeaderText {
    /// One line of at most so many Unicode scalars, and an ellipsis when it was cut: line breaks, control
    /// characters and runs of blanks become one blank, and what turns the direction of writing is left out, because it
    /// can make an address read as another.
    static func line(_ text: String, limit: Int) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        var isAfterBlank = false
        for scalar in text.unicodeScalars where !turnsDirection(scalar) {
            guard !isBlank(scalar) else {
                isAfterBlank = count > 0
                continue
            }
            guard count + (isAfterBlank ? 1 : 0) < limit else {
                line.append("…")
                break
            }
            if isAfterBlank { line.append(" ") }
            count += isAfterBlank ? 2 : 1
            isAfterBlank = false
            line.append(scalar)
        }
        return String(line)
    }

    /// The pieces of an unstructured value; a header may be folded between any two.
    static func words(_ line: String) -> [String] {
        let words = line.split(separator: " ").map(String.init)
        return words.allSatisfy(isPlain) ? words : encodedWords(line)
    }

    /// The pieces of a display name: plain words, a quoted string, or encoded words.
    static func phrase(_ line: String) -> [String] {
        let words = line.split(separator: " ").map(String.init)
        guard words.allSatisfy(isPlain) else { return encodedWords(line) }
        if words.allSatisfy({ $0.utf8.allSatisfy(AddressGrammar.isAtomText) }) { return words }
        let escaped = line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return escaped.utf8.count <= 60 ? ["\"\(escaped)\""] : encodedWords(line)
    }

    /// Short enough that one follows `Subject: ` on its line; none splits a character.
    private static func encodedWords(_ line: String) -> [String] {
        var words: [String] = []
        var piece: [UInt8] = []
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if piece.count + bytes.count > 36 {
                words.append(encodedWord(piece))
                piece = []
            }
            piece += bytes
        }
        return piece.isEmpty ? words : words + [encodedWord(piece)]
    }

    private static func encodedWord(_ bytes: [UInt8]) -> String {
        "=?utf-8?B?\(String(decoding: Base64.encoded(bytes[...]), as: UTF8.self))?="
    }

    /// What may stand as it is; "=?" would be read as the beginning of an encoded word.
    private static func isPlain(_ word: String) -> Bool {
        word.utf8.count <= 60 && word.utf8.allSatisfy { 0x21...0x7E ~= $0 } && !word.contains("=?")
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value
    }
}
