/// Why a text is no JSON document that can be edited, for the end of a sentence.
struct JSONFault: Error, Hashable {
    var reason: String
}

extension JSONTree {
    /// Reads a document strictly as RFC 8259 has it: in UTF-8, no key twice, and no deeper than ``deepest``.
    init(parsing bytes: [UInt8]) throws(JSONFault) {
        var parser = JSONTreeParser(bytes)
        self = try parser.document()
    }
}

/// Reads a document into a tree, each number and string as it is written.
private struct JSONTreeParser {
    private var text: JSONTextReader
    private var depth = 0

    init(_ bytes: [UInt8]) { text = JSONTextReader(bytes) }

    mutating func document() throws(JSONFault) -> JSONTree {
        try text.checkEncoding()
        let tree = try value()
        text.skipBlanks()
        guard text.isAtEnd else { throw text.fault("there is something behind the document") }
        return tree
    }

    private mutating func value() throws(JSONFault) -> JSONTree {
        text.skipBlanks()
        switch text.next {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .array(try elements())
        case UInt8(ascii: "\""): return .string(try text.string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try text.number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONTree) throws(JSONFault) -> JSONTree {
        for byte in word.utf8 {
            guard text.take(byte) else { throw text.fault("\(word) must be written out") }
        }
        return value
    }

    private mutating func members() throws(JSONFault) -> [JSONTree.Member] {
        guard try enter(UInt8(ascii: "}")) else { return [] }
        var members: [JSONTree.Member] = []
        // By bytes, since a `String` takes two spellings of an accented letter for one.
        var names: Set<[UInt8]> = []
        repeat {
            text.skipBlanks()
            guard text.next == UInt8(ascii: "\"") else {
                throw text.fault("a member's name must follow, in quotation marks")
            }
            let place = text
            let name = try text.string()
            guard names.insert(Array(name.value.utf8)).inserted else {
                throw place.fault("the key \(name.written) is there twice")
            }
            text.skipBlanks()
            guard text.take(UInt8(ascii: ":")) else { throw text.fault("a colon must follow the member's name") }
            members.append(JSONTree.Member(name: name, value: try value()))
            text.skipBlanks()
        } while text.take(UInt8(ascii: ","))
        guard text.take(UInt8(ascii: "}")) else { throw text.fault("a comma or } must follow the member") }
        depth -= 1
        return members
    }

    private mutating func elements() throws(JSONFault) -> [JSONTree] {
        guard try enter(UInt8(ascii: "]")) else { return [] }
        var elements: [JSONTree] = []
        repeat {
            elements.append(try value())
            text.skipBlanks()
        } while text.take(UInt8(ascii: ","))
        guard text.take(UInt8(ascii: "]")) else { throw text.fault("a comma or ] must follow the element") }
        depth -= 1
        return elements
    }

    /// Takes the opening bracket; false when the closing one follows at once.
    private mutating func enter(_ end: UInt8) throws(JSONFault) -> Bool {
        text.skip()
        text.skipBlanks()
        if text.take(end) { return false }
        depth += 1
        guard depth <= JSONTree.deepest else {
            throw text.fault("it nests deeper than \(JSONTree.deepest) levels")
        }
        return true
    }
}
