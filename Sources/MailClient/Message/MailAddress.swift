/// One mail address that is safe in a header and in an SMTP command: `local@domain`, ASCII, without quotes or comments.
///
/// A domain with other letters is written in its ASCII form (`xn--…`).
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let text: String

    /// Nil for anything that is not one such address.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")), at <= 64 else { return nil }
        guard AddressGrammar.isDotAtom(bytes[..<at]), AddressGrammar.isDomain(bytes[(at + 1)...]) else { return nil }
        self.text = text
    }

    /// The part after the `@`.
    public var domain: String { text.lastIndex(of: "@").map { String(text[text.index(after: $0)...]) } ?? "" }

    /// The address.
    public var description: String { text }
}

/// An address with the name that a reader sees. Any text may be the name; it is made harmless where it is written.
public struct NamedAddress: Hashable, Sendable {
    /// Nil or empty shows the address alone.
    public var name: String?
    /// The address.
    public var address: MailAddress

    /// An address, with or without a name.
    public init(_ address: MailAddress, name: String? = nil) {
        self.address = address
        self.name = name
    }
}
