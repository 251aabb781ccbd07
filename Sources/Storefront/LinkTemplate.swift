/// Where a carrier's parcels can be followed: an https address with `{number}` in it.
public struct LinkTemplate: Hashable, Sendable {
    /// What stands for the tracking number.
    public static let placeholder = "{number}"
    /// The whole template.
    public let text: String

    /// Nil unless the text is an https address of RFC 3986 characters that has a host, and `{number}` once, behind the
    /// host: a tracking number must never say whom a buyer is sent to.
    public init?(_ text: String) {
        let scheme = "https://"
        guard text.utf8.count <= 2_048, text.hasPrefix(scheme) else { return nil }
        let parts = text.dropFirst(scheme.count).split(separator: Self.placeholder, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isAddressCharacter) }) else { return nil }
        let host = parts[0].prefix { !"/?#".contains($0) }
        guard !host.isEmpty, host.count < parts[0].count, !host.contains("@") else { return nil }
        self.text = text
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "0"..."9", "A"..."Z", "a"..."z": true
        case let other: "-._~:/?#@!$&()*+,;=%".unicodeScalars.contains(other)
        }
    }
}
