/// What makes one mail the same mail wherever it turns up twice: `name@domain`, without the angle brackets.
public struct MessageID: Hashable, Sendable, CustomStringConvertible {
    /// As it stands between the angle brackets.
    public let text: String

    /// Nil unless it is a name of letters, digits, signs and dots, and a domain.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 250, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        guard AddressGrammar.isDotAtom(bytes[..<at]), AddressGrammar.isDomain(bytes[(at + 1)...]) else { return nil }
        self.text = text
    }

    /// Of any name, so that the same name always makes the same id and another name another one: what may not stand in
    /// an id is written as `=` and two digits. Nil when the name is empty or too long, or the domain is none.
    public init?(name: String, domain: String) {
        let escaped = name.utf8.map { byte in
            let isPlain = AddressGrammar.isLetterOrDigit(byte) || [UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "=" + Hex.text(byte)
        }
        self.init("\(escaped.joined())@\(domain)")
    }

    /// The id.
    public var description: String { text }
}
