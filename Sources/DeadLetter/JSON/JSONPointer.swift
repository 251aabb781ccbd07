/// Names a value inside a JSON document (RFC 6901).
struct JSONPointer: Sendable {
    /// The names and numbers on the way, `~0` and `~1` resolved.
    let steps: [String]

    /// The empty text names the whole document. Nil when a step does not begin with `/`, or a tilde is neither `~0` nor
    /// `~1`.
    init?(_ text: String) {
        guard !text.isEmpty else {
            steps = []
            return
        }
        // By bytes: a slash with an accent on it is no slash to a `Character`.
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts[0].isEmpty else { return nil }
        var steps: [String] = []
        for part in parts.dropFirst() {
            guard let step = Self.unescaped(part) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    private static func unescaped(_ part: Substring.UTF8View) -> String? {
        var (bytes, rest): ([UInt8], ArraySlice<UInt8>) = ([], ArraySlice(part))
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A name as a pointer writes it.
    static func escaped(_ step: String) -> String {
        step.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    var text: String { steps.map { "/" + Self.escaped($0) }.joined() }

    /// Whether this names `other` or something within it.
    func begins(with other: JSONPointer) -> Bool {
        steps.count >= other.steps.count && zip(steps, other.steps).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}
