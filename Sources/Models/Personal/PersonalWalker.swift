/// Walks through a JSON document and remembers where its texts stand, so that some of them can be replaced and every other
/// byte stays as it is. It reads what a contract would refuse, as long as it is JSON.
struct PersonalWalker {
    /// It is no JSON, or nests deeper than anybody means.
    struct Broken: Error {}

    /// What says something of a person.
    private(set) var personal: [PersonalText] = []
    /// Free texts, in which a person may be quoted.
    private(set) var words: [Range<Int>] = []
    /// Where each of them stands, as a JSON pointer; nothing where nobody needs to know.
    private(set) var places: [String] = []
    /// Texts and numbers near the root, by their pointers.
    private(set) var names: [String: String] = [:]
    /// The values of the root's members.
    private(set) var members: [String: Range<Int>] = [:]
    private let bytes: [UInt8]
    private var offset = 0
    private static let deepest = 200
    private let attributes: Int
    /// Names stand no further down.
    private static let nearRoot = 3

    /// Walks through all of it.
    /// - Parameter tree: What is known of the places; nil for none.
    /// - Parameter attributes: How far down, at most, what stands belongs to the message and not to what it says.
    init(_ bytes: [UInt8], _ tree: PersonalTree?, attributes: Int = 0) throws(Broken) {
        self.bytes = bytes
        self.attributes = attributes
        try value(tree, "", depth: 0)
        skipBlanks()
        guard offset == bytes.count else { throw Broken() }
    }

    private mutating func value(_ tree: PersonalTree?, _ pointer: String, depth: Int) throws(Broken) {
        guard depth < Self.deepest else { throw Broken() }
        skipBlanks()
        if let field = tree?.field { return try take(field, pointer, depth) }
        switch try byte() {
        case UInt8(ascii: "{"): try object(tree, pointer, depth)
        case UInt8(ascii: "["): try array(tree, pointer, depth)
        default: try scalar(tree, pointer, depth)
        }
    }

    private mutating func object(_ tree: PersonalTree?, _ pointer: String, _ depth: Int) throws(Broken) {
        offset += 1
        skipBlanks()
        while try byte() != UInt8(ascii: "}") {
            let key = try string()
            let name = JSONTextBytes.text(bytes[key])
            skipBlanks()
            try expect(":")
            let isNamed = depth < Self.nearRoot || tree != nil
            skipBlanks()
            let start = offset
            try value(tree?.member(name), isNamed ? pointer + "/" + PathStep.escaped(name) : "", depth: depth + 1)
            if depth == 0 { members[name] = start..<offset }
            try separate(UInt8(ascii: "}"))
        }
        offset += 1
    }

    private mutating func array(_ tree: PersonalTree?, _ pointer: String, _ depth: Int) throws(Broken) {
        offset += 1
        skipBlanks()
        var index = 0
        while try byte() != UInt8(ascii: "]") {
            try value(tree?.element, tree == nil ? "" : "\(pointer)/\(index)", depth: depth + 1)
            index += 1
            try separate(UInt8(ascii: "]"))
        }
        offset += 1
    }

    private mutating func scalar(_ tree: PersonalTree?, _ pointer: String, _ depth: Int) throws(Broken) {
        let isText = try byte() == UInt8(ascii: "\"")
        let range = try isText ? string() : literal()
        guard isText || isNumber(range) else { return }
        if depth <= Self.nearRoot, names[pointer] == nil { names[pointer] = said(range, isText) }
        if let tree, tree.holdsPersons, depth > 0 {
            // A person in one text, where the contract wants an object.
            remember(range, [said(range, isText)], .other, "\"\(PersonalMark.text)\"", pointer)
        } else if isText, depth > attributes, tree?.isKey != true {
            words.append(range)
            places.append(pointer)
        }
    }

    private func said(_ range: Range<Int>, _ isText: Bool) -> String {
        isText ? JSONTextBytes.text(bytes[range]) : raw(range)
    }

    /// Whatever stands at a place that is a person's.
    private mutating func take(_ field: PersonalField, _ pointer: String, _ depth: Int) throws(Broken) {
        let start = offset
        var texts: [String] = []
        try gather(&texts, depth)
        remember(start..<offset, texts, field.kind, field.replacement, pointer)
    }

    private mutating func remember(
        _ range: Range<Int>, _ texts: [String], _ kind: PersonalKind, _ replacement: String, _ pointer: String
    ) {
        let texts = texts.filter { !$0.isEmpty && !PersonalMark.isOne($0) }
        guard !texts.isEmpty else { return }
        personal.append(
            PersonalText(pointer: pointer, kind: kind, texts: texts, range: range, replacement: replacement))
    }

    private mutating func gather(_ texts: inout [String], _ depth: Int) throws(Broken) {
        guard depth < Self.deepest else { throw Broken() }
        skipBlanks()
        switch try byte() {
        case UInt8(ascii: "\""):
            let range = try string()
            texts.append(said(range, true))
        case UInt8(ascii: "{"), UInt8(ascii: "["): try gatherInside(&texts, depth)
        default:
            let range = try literal()
            if isNumber(range) { texts.append(raw(range)) }
        }
    }

    private mutating func gatherInside(_ texts: inout [String], _ depth: Int) throws(Broken) {
        let isObject = try byte() == UInt8(ascii: "{")
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        offset += 1
        skipBlanks()
        while try byte() != end {
            if isObject {
                _ = try string()
                skipBlanks()
                try expect(":")
            }
            try gather(&texts, depth + 1)
            try separate(end)
        }
        offset += 1
    }
}

// MARK: - Bytes

extension PersonalWalker {
    private func byte() throws(Broken) -> UInt8 {
        guard offset < bytes.count else { throw Broken() }
        return bytes[offset]
    }

    private mutating func skipBlanks() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Broken) {
        guard try byte() == UInt8(ascii: character) else { throw Broken() }
        offset += 1
    }

    /// A comma and something behind it, or the end.
    private mutating func separate(_ end: UInt8) throws(Broken) {
        skipBlanks()
        if try byte() == end { return }
        try expect(",")
        skipBlanks()
        if try byte() == end { throw Broken() }
    }

    /// Behind the quote that ends it.
    private mutating func string() throws(Broken) -> Range<Int> {
        let start = offset
        try expect("\"")
        while true {
            let next = try byte()
            offset += next == UInt8(ascii: "\\") ? 2 : 1
            if next == UInt8(ascii: "\"") { return start..<offset }
        }
    }

    private mutating func literal() throws(Broken) -> Range<Int> {
        let start = offset
        while offset < bytes.count, Self.isLiteral(bytes[offset]) { offset += 1 }
        guard offset > start else { throw Broken() }
        return start..<offset
    }

    private static func isLiteral(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "0"..."9", "a"..."z", "A"..."Z", "+", "-", ".": true
        default: false
        }
    }

    /// Of a literal: `null`, `true` and `false` say nothing of anybody.
    private func isNumber(_ range: Range<Int>) -> Bool {
        ![UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "f")].contains(bytes[range.lowerBound])
    }

    private func raw(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
