/// Writes JSON text, compact, or indented for people.
package struct JSONWriter {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    private var depth = 0
    private var isFirst = true

    /// `capacity` bytes are made room for at once.
    package init(isPretty: Bool = false, capacity: Int = 0) {
        self.isPretty = isPretty
        bytes.reserveCapacity(capacity)
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        raw(UInt8(ascii: bracket))
        depth += 1
        isFirst = true
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        depth -= 1
        if !isFirst { breakLine() }
        raw(UInt8(ascii: bracket))
        isFirst = false
    }

    /// What stands between two members or elements.
    mutating func separate() {
        if !isFirst { raw(UInt8(ascii: ",")) }
        isFirst = false
        breakLine()
    }

    /// An object; `members` writes what is in it.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        open("{")
        members(&self)
        close("}")
    }

    /// An array; `write` writes one element.
    package mutating func array<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        open("[")
        for element in elements {
            separate()
            write(&self, element)
        }
        close("]")
    }

    /// A member with a string, unless there is none.
    package mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    /// The name of the member that is written next. Only for names without anything to escape.
    package mutating func key(_ name: StaticString) {
        separate()
        raw(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        raw(isPretty ? "\": " : "\":")
    }

    mutating func key(_ name: String) {
        separate()
        string(name)
        raw(isPretty ? ": " : ":")
    }

    /// Quotes `text`, escaping only what RFC 8259 demands.
    package mutating func string(_ text: String) {
        raw(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { characters in
            var start = 0
            for index in characters.indices where Self.needsEscape(characters[index]) {
                bytes.append(contentsOf: characters[start..<index])
                escape(characters[index])
                start = index + 1
            }
            bytes.append(contentsOf: characters[start...])
        }
        raw(UInt8(ascii: "\""))
    }

    /// Text that is JSON already.
    package mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func raw(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func raw(_ text: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: text)
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        raw("\n")
        for _ in 0..<depth { raw("  ") }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch Unicode.Scalar(byte) {
        case "\"": raw("\\\"")
        case "\\": raw("\\\\")
        case "\n": raw("\\n")
        case "\r": raw("\\r")
        case "\t": raw("\\t")
        default:
            raw("\\u00")
            raw(Hexadecimal.digit(byte >> 4))
            raw(Hexadecimal.digit(byte & 0xF))
        }
    }
}

extension JSONWriter: FieldVisitor {
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString
    ) {
        key(name)
        value.write(to: &self)
    }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString
    ) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
    }

    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree
    ) {}
}
