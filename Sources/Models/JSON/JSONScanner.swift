/// Walks through a text to where it stops being JSON, and says what it was in the middle of: for errors only.
struct JSONScanner {
    /// Where a text stops being JSON.
    struct Stop: Error {
        let offset: Int
        /// The value that was being read, or that of which a part was.
        let pointer: String
        /// What is wrong there.
        let predicate: String
    }

    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var steps: [String] = []
    /// The names in the document's root that were read before the stop, as far as they are plain.
    private(set) var names: [String: String] = [:]

    /// No parser of ours goes deeper, so no stop that it met lies deeper.
    private static let maximumDepth = 300

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads the whole document; throws where it stops being one.
    mutating func scan() throws(Stop) {
        try value()
        skipBlanks()
        if index < bytes.count { throw stop("there is something behind the document") }
    }

    private var next: Unicode.Scalar? { index < bytes.count ? Unicode.Scalar(bytes[index]) : nil }

    private func stop(_ predicate: String) -> Stop {
        let isEnd = index >= bytes.count
        return Stop(
            offset: min(index, bytes.count), pointer: steps.map { "/" + PathStep.escaped($0) }.joined(),
            predicate: isEnd ? "the body ends where \(predicate)" : predicate)
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == " " || byte == "\n" || byte == "\r" || byte == "\t" { index += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == character else { return false }
        index += 1
        return true
    }

    // MARK: - Values

    private mutating func value() throws(Stop) {
        skipBlanks()
        switch next {
        case "{": try object()
        case "[": try array()
        case "\"": try rememberName(string())
        case "-": try number()
        case _ where isDigit: try number()
        case "t": try word("true")
        case "f": try word("false")
        case "n": try word("null")
        default: throw stop("a value must follow")
        }
    }

    private mutating func object() throws(Stop) {
        try enter()
        skipBlanks()
        if skip("}") { return }
        repeat {
            skipBlanks()
            guard next == "\"" else { throw stop("a member's name must follow, in quotation marks") }
            steps.append(try string())
            skipBlanks()
            guard skip(":") else { throw stop("a colon must follow the member's name") }
            try value()
            steps.removeLast()
            skipBlanks()
        } while skip(",")
        guard skip("}") else { throw stop("a comma or } must follow the member") }
    }

    private mutating func array() throws(Stop) {
        try enter()
        skipBlanks()
        if skip("]") { return }
        var count = 0
        repeat {
            steps.append(String(count))
            try value()
            steps.removeLast()
            count += 1
            skipBlanks()
        } while skip(",")
        guard skip("]") else { throw stop("a comma or ] must follow the element") }
    }

    private mutating func enter() throws(Stop) {
        guard steps.count < Self.maximumDepth else { throw stop("the nesting is too deep") }
        index += 1
    }

    private mutating func rememberName(_ text: String) {
        let isName = steps.count == 1 && ["id", "subject", "type"].contains(steps[0])
        guard isName, Refusal.nameLengths.contains(text.utf8.count), !text.utf8.contains(UInt8(ascii: "\\")) else {
            return
        }
        names[steps[0]] = text
    }

    private mutating func word(_ word: StaticString) throws(Stop) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard next == Unicode.Scalar(word.utf8Start[offset]) else { throw stop("\(word) must be written out") }
            index += 1
        }
    }

    // MARK: - Numbers

    private mutating func number() throws(Stop) {
        let start = index
        _ = skip("-")
        if !skip("0") { try digits() }
        var isWhole = true
        if skip(".") {
            isWhole = false
            try digits()
        }
        if skip("e") || skip("E") {
            isWhole = false
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        if let next, !" \n\r\t,]}".unicodeScalars.contains(next) { throw stop("a number must end here") }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        let fits = isWhole ? Int64(text) != nil || UInt64(text) != nil : Double(text)?.isFinite == true
        guard fits else {
            index = start
            throw stop("the number does not fit 64 bits")
        }
    }

    private mutating func digits() throws(Stop) {
        guard isDigit else { throw stop("a digit must follow") }
        while isDigit { index += 1 }
    }

    private var isDigit: Bool { index < bytes.count && bytes[index] &- UInt8(ascii: "0") < 10 }

    // MARK: - Strings

    /// The string as it is written, escapes and all, without its quotation marks.
    private mutating func string() throws(Stop) -> String {
        index += 1
        let start = index
        while let character = next, character != "\"" {
            guard character.value >= 0x20 else { throw stop("a string must not contain control characters") }
            if character == "\\" { try escape() } else { index += 1 }
        }
        guard skip("\"") else { throw stop("a string is not finished") }
        return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
    }

    private mutating func escape() throws(Stop) {
        let start = index
        index += 1
        guard let character = next, "\"\\/bfnrtu".unicodeScalars.contains(character) else {
            throw stop("an escape must be one of JSON's")
        }
        index += 1
        guard character == "u" else { return }
        let unit = try hexadecimal()
        var isWhole = unit != 0 && !(0xDC00...0xDFFF).contains(unit)
        if (0xD800...0xDBFF).contains(unit) {
            isWhole = false
            if skip("\\"), skip("u") { isWhole = try (0xDC00...0xDFFF).contains(hexadecimal()) }
        }
        guard isWhole else {
            index = start
            throw stop("an escape must not be U+0000 or half a surrogate pair")
        }
    }

    private mutating func hexadecimal() throws(Stop) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let character = next, let digit = Character(character).hexDigitValue, character.isASCII else {
                throw stop("four hexadecimal digits must follow \\u")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}

extension JSONScanner {
    /// `line 3, column 14 (byte 57)`, all counted from 1; columns count characters.
    func place(of offset: Int) -> String {
        let before = bytes[..<offset]
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[start...].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return "line \(line), column \(column) (byte \(offset + 1))"
    }

    /// The text from `offset` on, cut short.
    func excerpt(_ offset: Int) -> String {
        String(decoding: bytes[offset..<min(offset + 40, bytes.count)], as: UTF8.self)
    }

    /// Where the first bytes stand that are no character.
    func invalidUTF8() -> Int? {
        var (parser, iterator, offset) = (UTF8.ForwardParser(), bytes.makeIterator(), 0)
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
