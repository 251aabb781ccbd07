extension JSONTree {
    /// The document, with fractions as text; nil when it is none.
    init?(json: String) {
        let limits = MessageReader.Limits()
        let parser = JSONParser(maximumBytes: limits.bytes, maximumDepth: limits.depth)
        let tree = Array(json.utf8).withUnsafeBytes { bytes in
            (try? parser.parse(bytes)).map { JSONTree($0, at: Tape.root) }
        }
        guard let tree else { return nil }
        self = tree
    }

    private init(_ tape: Tape, at place: Int) {
        switch tape.kind(place) {
        case Tape.Kind.object: self = .object(Self.members(tape, of: place))
        case Tape.Kind.array: self = .array(Self.elements(tape, of: place))
        case Tape.Kind.signed: self = .integer(Int(Int64(bitPattern: tape.number(place))))
        case Tape.Kind.yes: self = true
        case Tape.Kind.no: self = false
        case Tape.Kind.null: self = .null
        case Tape.Kind.string: self = .string(String(decoding: tape.string(place), as: UTF8.self))
        default: self = .string(tape.excerpt(place))
        }
    }

    private static func members(_ tape: Tape, of object: Int) -> [(String, JSONTree)] {
        var (members, key): ([(String, JSONTree)], Int) = ([], object + 1)
        while key < tape.end(object) {
            members.append((String(decoding: tape.string(key), as: UTF8.self), JSONTree(tape, at: key + 1)))
            key = tape.next(key + 1)
        }
        return members
    }

    private static func elements(_ tape: Tape, of array: Int) -> [JSONTree] {
        var (elements, place): ([JSONTree], Int) = ([], array + 1)
        while place < tape.end(array) {
            elements.append(JSONTree(tape, at: place))
            place = tape.next(place)
        }
        return elements
    }
}
