/// Takes the tokens of a JSON text one after the other, strictly, and knows where it is.
struct JSONTextReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var next: UInt8? { index < bytes.count ? bytes[index] : nil }
    var isAtEnd: Bool { index == bytes.count }

    func checkEncoding() throws(JSONFault) {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw JSONFault(reason: "it begins with a byte order mark")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONFault(reason: "it is not UTF-8") }
    }

    /// What is wrong here: `line 3, column 14: a comma or } must follow the member`. Columns count characters.
    func fault(_ reason: String) -> JSONFault {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[start...].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return JSONFault(reason: "line \(line), column \(column): " + (isAtEnd ? "it ends where \(reason)" : reason))
    }

    mutating func skip() { index += 1 }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    // MARK: - Numbers

    /// The number as it is written.
    mutating func number() throws(JSONFault) -> String {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        guard isNegative || isDigit else { throw fault("a value must follow") }
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        if let next, !" \n\r\t,]}".utf8.contains(next) { throw fault("a number must end here") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() throws(JSONFault) {
        guard isDigit else { throw fault("a digit must follow") }
        while isDigit { index += 1 }
    }

    private var isDigit: Bool { next.map { $0 &- UInt8(ascii: "0") < 10 } ?? false }

    // MARK: - Strings

    /// The string whose opening quotation mark is next.
    mutating func string() throws(JSONFault) -> JSONString {
        let start = index
        index += 1
        var value: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a string must not contain control characters") }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &value)
            } else {
                value.append(byte)
                index += 1
            }
        }
        guard take(UInt8(ascii: "\"")) else { throw fault("a string is not finished") }
        return JSONString(
            written: String(decoding: bytes[start..<index], as: UTF8.self),
            value: String(decoding: value, as: UTF8.self))
    }

    private mutating func escape(into value: inout [UInt8]) throws(JSONFault) {
        let start = self
        index += 1
        guard let letter = next else { throw fault("a string is not finished") }
        index += 1
        if letter == UInt8(ascii: "u") {
            guard let scalar = Unicode.Scalar(try codePoint()) else {
                throw start.fault("an escape must not be half a surrogate pair")
            }
            value += String(Character(scalar)).utf8
        } else {
            guard let byte = Self.escapes[letter] else { throw start.fault("an escape must be one of JSON's") }
            value.append(byte)
        }
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// Of one `\u…`, or of the pair that begins here; half a pair is its own number, which is no character's.
    private mutating func codePoint() throws(JSONFault) -> UInt32 {
        let first = try hexadecimal()
        guard (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { return first }
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else { return first }
        return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits must follow \\u")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
