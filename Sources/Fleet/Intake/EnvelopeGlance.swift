internal import Models

/// What a message in structured mode calls itself, picked out of its bytes without reading it: for one that crashes
/// whoever reads or handles it.
///
/// It takes one byte after the other from the beginning of the body, never goes back and never goes deeper, so that there is
/// nothing in it that a body could break. What it does not understand it leaves out.
struct EnvelopeGlance {
    private var members: [String: String] = [:]
    private var depth = 0
    /// The member that is being taken, and what is known of its value.
    private var name: String?
    private var value: String?
    private var isValue = false

    /// How far into the body it looks: producers write the attributes before the data.
    private static let reach = 64 << 10
    /// As long as a text may be, in bytes.
    private static let longest = 256

    init(_ body: some Sequence<UInt8>) {
        var bytes = body.prefix(Self.reach).makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "\"") { take(text: Self.string(&bytes)) } else { take(byte) }
        }
    }

    /// A top-level member whose value is a plain text or a whole number.
    subscript(name: String) -> String? { members[name] }

    private mutating func take(text: String?) {
        guard depth == 1 else { return }
        if isValue { value = text } else { name = text }
    }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth == 1 { endMember() }
            depth -= 1
        case UInt8(ascii: ",") where depth == 1: endMember()
        case UInt8(ascii: ":") where depth == 1: (isValue, value) = (true, "")
        case 0...0x20: break
        default: if depth == 1 { take(digit: byte) }
        }
    }

    /// Anything but digits makes the value none.
    private mutating func take(digit byte: UInt8) {
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        value = value.flatMap { isDigit && $0.utf8.count < Self.longest ? $0 + String(UnicodeScalar(byte)) : nil }
    }

    private mutating func endMember() {
        if let name, let value, !value.isEmpty, members[name] == nil { members[name] = value }
        (name, value, isValue) = (nil, nil, false)
    }

    /// The text whose opening quote has been taken; nil unless it is short and plain: no escapes, no control characters.
    private static func string(_ bytes: inout some IteratorProtocol<UInt8>) -> String? {
        var text: [UInt8] = []
        var (isPlain, isEscaped) = (true, false)
        while let byte = bytes.next() {
            if isEscaped {
                isEscaped = false
                continue
            }
            if byte == UInt8(ascii: "\"") { break }
            isEscaped = byte == UInt8(ascii: "\\")
            if isEscaped || text.count == longest { isPlain = false } else { text.append(byte) }
        }
        guard isPlain, let string = String(validating: text, as: UTF8.self) else { return nil }
        return string.unicodeScalars.contains(where: FreeText.isControl) ? nil : string
    }
}
