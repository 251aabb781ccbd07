/// One parsed `amqp://` or `amqps://` URL. Its description never shows the password.
public struct BrokerURL: Sendable, Hashable, CustomStringConvertible {
    /// How to prove who we are.
    public enum Authentication: Sendable, Hashable {
        /// User name and password.
        case plain(user: String, password: String)
        /// The client certificate (SASL EXTERNAL).
        case external
    }

    /// `amqps`.
    public let isSecure: Bool
    /// Host name or address, without the brackets of IPv6.
    public let host: String
    /// TCP port.
    public let port: Int
    /// Virtual host, "/" when the URL has none.
    public let vhost: String
    /// Nil when the URL names no user.
    public let authentication: Authentication?

    /// Why a text is no broker URL; never contains the password.
    public struct Fault: Error, Sendable, Hashable {
        /// One sentence without its full stop.
        public let sentence: String
    }

    /// Reads a URL of the form `amqp://user:password@host:port/vhost`, everything after the host optional.
    public init(_ text: String) throws(Fault) {
        var rest = Substring(text)
        guard let secure = Self.scheme(&rest) else {
            throw Fault(sentence: "a broker URL starts with amqp:// or amqps://")
        }
        let query = Self.cut(&rest, at: "?")
        let path = Self.cut(&rest, at: "/")
        // What was meant as the end of a password would become a host name, a virtual host or a parameter.
        guard !(path ?? "").contains("@"), !(query ?? "").contains("@") else {
            throw Fault(
                sentence:
                    "the broker URL has an \"@\" after the host; \"/\" and \"?\" of a password are written %2F and %3F")
        }
        let user = Self.userInfo(&rest)
        (host, port) = try Self.hostAndPort(rest, secure: secure)
        isSecure = secure
        vhost = try Self.vhost(path)
        authentication = try Self.authentication(user: user, query: query)
    }

    /// "amqp://user:***@host:5672/vhost".
    public var description: String {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let who =
            switch authentication {
            case .plain(let user, _): "\(user):***@"
            case .external, nil: ""
            }
        return "\(isSecure ? "amqps" : "amqp")://\(who)\(place)/\(vhost == "/" ? "" : vhost)"
    }

    /// "host:port", for messages.
    public var place: String { "\(host):\(port)" }

    /// Whether the host is an IP address.
    var hasAddress: Bool { host.contains(":") || host.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == 0x2E } }
}

extension BrokerURL {
    private static func scheme(_ rest: inout Substring) -> Bool? {
        for (prefix, secure) in [("amqp://", false), ("amqps://", true)]
        where rest.lowercased().hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            return secure
        }
        return nil
    }

    /// Shortens `rest` to what stands before the separator, and answers what stands after it.
    private static func cut(_ rest: inout Substring, at separator: Character) -> Substring? {
        // A password may hold "/" or "?" only percent-encoded, so the first one ends the authority.
        guard let index = rest.firstIndex(of: separator) else { return nil }
        defer { rest = rest[..<index] }
        return rest[rest.index(after: index)...]
    }

    private static func userInfo(_ rest: inout Substring) -> Substring? {
        guard let at = rest.lastIndex(of: "@") else { return nil }
        defer { rest = rest[rest.index(after: at)...] }
        return rest[..<at]
    }

    private static func hostAndPort(_ text: Substring, secure: Bool) throws(Fault) -> (String, Int) {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw Fault(sentence: "the IPv6 address in the broker URL has no closing bracket")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw Fault(sentence: "the broker URL has unexpected characters after the IPv6 address")
            }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw Fault(sentence: "the broker URL names no host")
        }
        guard let port, !port.isEmpty else { return (String(host), secure ? 5671 : 5672) }
        guard port.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(port), 1...65535 ~= number else {
            throw Fault(sentence: "the port of the broker URL is not a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private static func vhost(_ path: Substring?) throws(Fault) -> String {
        guard let path, !path.isEmpty else { return "/" }
        guard !path.contains("/") else {
            throw Fault(sentence: "the virtual host in the broker URL has a bare \"/\"; write it as %2F")
        }
        return try decoded(path, part: "virtual host")
    }

    private static func authentication(user: Substring?, query: Substring?) throws(Fault) -> Authentication? {
        var mechanism: String?
        for pair in query?.split(separator: "&") ?? [] {
            guard pair.lowercased().hasPrefix("auth_mechanism=") else {
                // Not named: it may be the rest of a password.
                throw Fault(sentence: "the broker URL has an unknown parameter; known is auth_mechanism")
            }
            mechanism = pair.dropFirst("auth_mechanism=".count).lowercased()
        }
        switch mechanism {
        case nil, "plain"?: break
        case "external"?: return .external
        case .some: throw Fault(sentence: "auth_mechanism in the broker URL is neither plain nor external")
        }
        guard let user else { return nil }
        let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else {
            throw Fault(sentence: "the broker URL has a password but no user name")
        }
        let password = parts.count > 1 ? try decoded(parts[1], part: "password") : ""
        return .plain(user: try decoded(name, part: "user name"), password: password)
    }

    private static func decoded(_ text: Substring, part: String) throws(Fault) -> String {
        let broken = Fault(sentence: "the \(part) in the broker URL is not correctly percent-encoded")
        var bytes: [UInt8] = []
        var source = Array(text.utf8)[...]
        while let byte = source.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = source.popFirst().flatMap(hexDigit), let low = source.popFirst().flatMap(hexDigit) else {
                throw broken
            }
            bytes.append(high << 4 | low)
        }
        guard let result = String(validating: bytes, as: UTF8.self), !result.utf8.contains(0) else { throw broken }
        return result
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
