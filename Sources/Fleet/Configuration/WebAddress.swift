/// An `http://` or `https://` address in its parts, as far as settings need them.
package struct WebAddress: Hashable, Sendable {
    package let isSecure: Bool
    /// `user:password` as written; nil without.
    package let userInfo: String?
    /// `host` or `host:port`; IPv6 in brackets.
    package let authority: String
    /// With its slash, without one at its end; empty for the root.
    package let path: String

    /// Nil when the text is no such address.
    package init?(_ text: String) {
        guard let isSecure = ["http://": false, "https://": true].first(where: { text.hasPrefix($0.key) })?.value,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !text.contains("?"), !text.contains("#")
        else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let place = rest.prefix { $0 != "/" }
        let at = place.lastIndex(of: "@")
        let authority = at.map { place[place.index(after: $0)...] } ?? place
        guard Self.isAuthority(authority) else { return nil }
        self.isSecure = isSecure
        userInfo = at.map { String(place[..<$0]) }
        self.authority = String(authority)
        let path = rest.dropFirst(place.count)
        self.path = String(path.last == "/" ? path.dropLast() : path)
    }

    /// The address without user and password.
    package var text: String { (isSecure ? "https://" : "http://") + authority + path }

    /// A text that may be an address, with whatever may be a user and a password blanked out.
    package static func redacted(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let start = text.firstRange(of: "://").map(\.upperBound) ?? text.startIndex
        return (start <= at ? text[..<start] : "") + "***" + text[at...]
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { return false }
        guard let port else { return true }
        return port.utf8.allSatisfy { 0x30...0x39 ~= $0 } && (Int(port).map { 1...65_535 ~= $0 } ?? false)
    }
}
