/// A JSON value for documents that are built, not read: members keep their order.
indirect enum JSONTree: Sendable {
    case object([(String, JSONTree)])
    case array([JSONTree])
    case string(String)
    case integer(Int)
    case bool(Bool)
    case null

    /// The object's member, if this is one and has it.
    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    /// This object with `value` at `name`: in the place of a member of that name, or at the end.
    func setting(_ name: String, _ value: JSONTree) -> JSONTree {
        guard case .object(var members) = self else { return self }
        if let index = members.firstIndex(where: { $0.0 == name }) {
            members[index].1 = value
        } else {
            members.append((name, value))
        }
        return .object(members)
    }

    private var isScalar: Bool {
        switch self {
        case .object(let members): members.isEmpty
        case .array(let elements): elements.isEmpty
        default: true
        }
    }

    /// The indented text; arrays of scalars fill lines, so that code lists stay short.
    func text(width: Int = 118) -> String {
        var writer = JSONWriter()
        write(to: &writer, indent: 0, width: width)
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private func write(to writer: inout JSONWriter, indent: Int, width: Int) {
        switch self {
        case .object(let members) where !members.isEmpty:
            writer.raw("{\n")
            for (index, member) in members.enumerated() {
                writer.raw(String(repeating: " ", count: indent + 2))
                writer.string(member.0)
                writer.raw(": ")
                member.1.write(to: &writer, indent: indent + 2, width: width)
                writer.raw(index + 1 < members.count ? ",\n" : "\n")
            }
            writer.raw(String(repeating: " ", count: indent) + "}")
        case .object: writer.raw("{}")
        case .array(let elements): Self.write(elements, to: &writer, indent: indent, width: width)
        case .string(let text): writer.string(text)
        case .integer(let number): writer.raw(String(number))
        case .bool(let flag): writer.raw(flag ? "true" : "false")
        case .null: writer.raw("null")
        }
    }

    private static func write(_ elements: [JSONTree], to writer: inout JSONWriter, indent: Int, width: Int) {
        guard !elements.isEmpty else { return writer.raw("[]") }
        let margin = "\n" + String(repeating: " ", count: indent + 2)
        let texts = elements.map { element in
            var part = JSONWriter()
            element.write(to: &part, indent: indent + 2, width: width)
            return String(decoding: part.bytes, as: UTF8.self)
        }
        let fills = elements.allSatisfy(\.isScalar)
        if fills, indent + texts.reduce(0, { $0 + $1.utf8.count + 2 }) < width {
            return writer.raw("[\(texts.joined(separator: ", "))]")
        }
        writer.raw("[" + margin)
        var column = indent + 2
        for (index, text) in texts.enumerated() {
            if index > 0 {
                let fitsLine = fills && column + text.utf8.count + 3 < width
                writer.raw(fitsLine ? ", " : "," + margin)
                column = fitsLine ? column + 2 : indent + 2
            }
            writer.raw(text)
            column += text.utf8.count
        }
        writer.raw("\n" + String(repeating: " ", count: indent) + "]")
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONTree)...) { self = .object(elements) }
}
