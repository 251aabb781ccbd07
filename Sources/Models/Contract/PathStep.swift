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
        // By scalars: a slash with an accent on it is no slash to a `Character`, but it is one to a JSON pointer.
        return name.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
