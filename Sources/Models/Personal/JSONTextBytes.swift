/// A JSON string as it stands in a document, quotes included, and the text that it says.
enum JSONTextBytes {
    /// The text; an escape that is none stays as it is.
    static func text(_ string: ArraySlice<UInt8>) -> String {
        let inner = string.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        var (units, rest) = ([UInt16](), inner)
        var text = ""
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                flush(&units, to: &text)
                let end = rest.firstIndex(of: UInt8(ascii: "\\")) ?? rest.endIndex
                text += String(decoding: [byte] + rest[..<end], as: UTF8.self)
                rest = rest[end...]
                continue
            }
            let digits = String(decoding: rest.prefix(4), as: UTF8.self)
            if escape == UInt8(ascii: "u"), let unit = UInt16(digits, radix: 16) {
                units.append(unit)
                rest = rest.dropFirst(4)
            } else {
                flush(&units, to: &text)
                text += plain(escape)
            }
        }
        flush(&units, to: &text)
        return text
    }

    /// The string that says a text.
    static func string(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }

    private static func flush(_ units: inout [UInt16], to text: inout String) {
        if !units.isEmpty { text += String(decoding: units, as: UTF16.self) }
        units = []
    }

    private static func plain(_ escape: UInt8) -> String {
        switch Unicode.Scalar(escape) {
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "b": "\u{8}"
        case "f": "\u{C}"
        default: String(decoding: [escape], as: UTF8.self)
        }
    }
}
