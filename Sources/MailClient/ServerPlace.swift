import Glibc

/// What a mail server's URL says.
struct ServerPlace {
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int
    let isTLS: Bool

    init(_ url: String) throws(MailError) {
        guard let scheme = url.firstRange(of: "://"), ["smtp", "smtps"].contains(url[..<scheme.lowerBound]) else {
            throw .invalidServer("the URL does not begin with smtp:// or smtps://")
        }
        isTLS = url[..<scheme.lowerBound] == "smtps"
        var rest = url[scheme.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains("@") else {
            throw .invalidServer("the URL holds a user, and the user and the password have settings of their own")
        }
        let (host, port) = try Self.split(rest)
        self.host = host
        guard let port else {
            self.port = isTLS ? 465 : 25
            return
        }
        guard port.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(port), (1...65_535).contains(number) else {
            throw .invalidServer("the port of the URL is no number from 1 to 65535")
        }
        self.port = number
    }

    private static func split(_ text: Substring) throws(MailError) -> (host: String, port: Substring?) {
        let isBracketed = text.hasPrefix("[")
        guard let end = isBracketed ? text.firstIndex(of: "]") : text.firstIndex(of: ":") ?? text.endIndex else {
            throw .invalidServer("the URL has no host")
        }
        let host = isBracketed ? text[..<end].dropFirst() : text[..<end]
        let rest = isBracketed ? text[end...].dropFirst() : text[end...]
        guard isHost(String(host), isBracketed: isBracketed), rest.isEmpty || rest.hasPrefix(":") else {
            throw .invalidServer("the URL is not smtp://host or smtp://host:port")
        }
        return (String(host), rest.isEmpty ? nil : rest.dropFirst())
    }

    private static func isHost(_ text: String, isBracketed: Bool) -> Bool {
        guard isBracketed else { return AddressGrammar.isDomain(Array(text.utf8)[...]) }
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }
}
