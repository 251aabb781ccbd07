/// One step of a JSON pointer.
enum PathStep {
    case name(StaticString)
    case index(Int)

    /// The step in RFC 6901 spelling.
    var text: String {
        switch self {
        case .name(let name): Self.escaped(name.description)
        case .index(let index): String(index)
        }
    }

    static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }
}
