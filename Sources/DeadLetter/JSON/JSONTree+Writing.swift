extension JSONTree {
    /// On one line, without blanks.
    var compact: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// Indented by two spaces, for people, with a line end.
    var pretty: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: "")
        return bytes + [UInt8(ascii: "\n")]
    }

    /// On one line; not yet fit for a terminal.
    var text: String { String(decoding: compact, as: UTF8.self) }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            Self.write(members, "{", "}", to: &bytes) { member, bytes in
                bytes += member.name.written.utf8
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
        case .array(let elements):
            Self.write(elements, "[", "]", to: &bytes) { element, bytes in element.write(to: &bytes) }
        default: bytes += scalar.utf8
        }
    }

    private func write(to bytes: inout [UInt8], indent: String) {
        let inner = indent + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            Self.write(members, "{", "\n\(indent)}", to: &bytes) { member, bytes in
                bytes += "\n\(inner)\(member.name.written): ".utf8
                member.value.write(to: &bytes, indent: inner)
            }
        case .array(let elements) where !elements.isEmpty:
            Self.write(elements, "[", "\n\(indent)]", to: &bytes) { element, bytes in
                bytes += "\n\(inner)".utf8
                element.write(to: &bytes, indent: inner)
            }
        default: write(to: &bytes)
        }
    }

    private static func write<Item>(
        _ items: [Item], _ start: String, _ end: String, to bytes: inout [UInt8],
        _ item: (Item, inout [UInt8]) -> Void
    ) {
        bytes += start.utf8
        for (index, next) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            item(next, &bytes)
        }
        bytes += end.utf8
    }

    private var scalar: String {
        switch self {
        case .string(let string): string.written
        case .number(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .null, .object, .array: "null"
        }
    }
}
