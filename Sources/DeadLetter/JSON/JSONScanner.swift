/// Walks over JSON text and hands out its tokens as they are written.
///
/// It shows letters, it does not judge them: any run of characters counts as a number or a word, so that a body with a
/// broken number can still be shown with the fault beside it.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether only blanks are left.
    var isAtEnd: Bool { bytes[position...].allSatisfy(Self.isBlank) }

    /// Takes the character, if it is next.
    mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    /// The next string with its quotes, as it is written.
    mutating func string() -> String? {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        defer { position = end + 1 }
        return String(decoding: bytes[position...end], as: UTF8.self)
    }

    /// The next string, number or word, as it is written.
    mutating func scalar() -> String? {
        if let string = string() { return string }
        let start = position
        while position < bytes.count, !Self.isBlank(bytes[position]), !Self.ends.contains(bytes[position]) {
            position += 1
        }
        return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    /// What a string with quotes says, as far as pointers need it.
    static func unescaped(_ quoted: String) -> String {
        let inside = quoted.dropFirst().dropLast()
        guard inside.contains("\\") else { return String(inside) }
        var (result, rest) = ("", inside)
        while let character = rest.popFirst() {
            guard character == "\\", let escape = rest.popFirst() else {
                result.append(character)
                continue
            }
            guard escape == "u" else {
                result.append(["n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "f": "\u{C}"][escape] ?? escape)
                continue
            }
            if let scalar = UInt32(rest.prefix(4), radix: 16).flatMap(Unicode.Scalar.init) {
                result.unicodeScalars.append(scalar)
            }
            rest = rest.dropFirst(4)
        }
        return result
    }

    private static let ends: Set<UInt8> = Set(",:{}[]\"".utf8)

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    }
}
