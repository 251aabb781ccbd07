/// Where a store takes posts: `https://host[:port][/path][?query]`.
public struct WebhookURL: Hashable, Sendable {
    /// The whole address, as it was written.
    public let text: String
    /// Whether the posts are encrypted.
    public let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    public let host: String
    /// What the address says, or what its scheme means.
    public let port: Int

    /// Nil when the text is no such address. One with a user and a password is none: it is shown to anybody, and a post is
    /// known by its signature.
    public init?(_ text: String) {
        let schemes = ["https://": 443, "http://": 80]
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains("#"), !text.contains("\\"),
            let scheme = schemes.first(where: { text.hasPrefix($0.key) })
        else { return nil }
        let authority = text.dropFirst(scheme.key.count).prefix { $0 != "/" && $0 != "?" }
        guard let place = HostAndPort(authority) else { return nil }
        self.text = text
        isSecure = scheme.value == 443
        host = place.host
        port = place.port ?? scheme.value
    }

    /// Whether the address is this machine itself, by a name that nobody else can answer for.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && host.utf8.allSatisfy(HostAndPort.isDotOrDigit))
    }
}

/// A host and perhaps a port, as an address or an allow list has them.
struct HostAndPort: Hashable {
    let host: String
    let port: Int?

    /// `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; nil for anything else.
    init?(_ text: some StringProtocol) {
        let isBracketed = text.hasPrefix("[")
        let end = isBracketed ? text.firstIndex(of: "]") : text.firstIndex(of: ":") ?? text.endIndex
        guard let end else { return nil }
        let host = text[..<end].dropFirst(isBracketed ? 1 : 0).lowercased()
        guard !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy(isBracketed ? Self.isOfIPv6 : Self.isOfName)
        else { return nil }
        let rest = text[end...].dropFirst(isBracketed ? 1 : 0)
        self.host = host
        guard !rest.isEmpty else {
            port = nil
            return
        }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = Int(digits),
            1...65_535 ~= port
        else { return nil }
        self.port = port
    }

    static func isDotOrDigit(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || 0x30...0x39 ~= byte }

    private static func isOfName(_ byte: UInt8) -> Bool {
        isDotOrDigit(byte) || 0x61...0x7A ~= byte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isOfIPv6(_ byte: UInt8) -> Bool {
        isDotOrDigit(byte) || 0x61...0x66 ~= byte || byte == UInt8(ascii: ":")
    }
}
