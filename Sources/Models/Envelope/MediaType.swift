/// A content type, split at its parameters. Compares ASCII letters without their case and nothing else, so that a pattern
/// can say the same (``pattern``).
struct MediaType {
    /// `type/subtype`, in lower case.
    let essence: String
    private let charset: String?

    init(_ text: String) {
        let bytes = text.utf8.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        let parts = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Self.trimmed)
        essence = parts.first ?? ""
        charset = parts.dropFirst().first { $0.utf8.starts(with: "charset=".utf8) }.map { parameter in
            Self.unquoted(parameter.utf8.dropFirst("charset=".utf8.count))
        }
    }

    /// JSON by any name: `application/json`, `text/json`, `application/vnd.shop+json`.
    var isJSON: Bool {
        let end = essence.utf8.suffix(5)
        return end.elementsEqual("/json".utf8) || end.elementsEqual("+json".utf8)
    }

    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" }

    /// ECMA 262 pattern of everything that is JSON in UTF-8.
    static var pattern: String {
        let (blanks, charset) = ("[ \\t]*", anyCase("charset="))
        let names = [anyCase("utf-?8"), anyCase("us-ascii")].flatMap { [$0, "\"\($0)\""] }.joined(separator: "|")
        let others = "(;(?!\(blanks)\(charset))[^;]*)*"
        return "^[^;]*[/+]\(anyCase("json"))\(blanks)\(others)(;\(blanks)\(charset)(\(names))\(blanks)(;[^;]*)*)?$"
    }

    /// The usual spelling, told without allocating.
    static func isPlainJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.equals("application/json")
    }

    private static func anyCase(_ text: String) -> String {
        text.map { $0.isLetter ? "[\($0.uppercased())\($0)]" : String($0) }.joined()
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        return String(decoding: bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed(), as: UTF8.self)
    }

    private static func unquoted(_ bytes: Substring.UTF8View) -> String {
        let quote = UInt8(ascii: "\"")
        let isQuoted = bytes.count >= 2 && bytes.first == quote && bytes.last == quote
        return String(decoding: isQuoted ? bytes.dropFirst().dropLast() : bytes, as: UTF8.self)
    }
}
