package import MailClient

/// How alerts go out by mail.
package struct AlertMailSettings: Hashable, Sendable {
    /// The server that takes them.
    package var server: MailServer
    /// Whom they come from; also who gets the server's complaints.
    package var from: NamedAddress

    package init(server: MailServer, from: NamedAddress) {
        self.server = server
        self.from = from
    }
}

extension NamedAddress {
    /// Reads `stevedore@example.com` or `Stevedore <stevedore@example.com>`, the name in quotes or not; nil for all
    /// else.
    package init?(mailbox text: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            guard let address = MailAddress(text) else { return nil }
            self.init(address)
            return
        }
        guard let address = MailAddress(String(text[text.index(after: open)...].dropLast())) else { return nil }
        var name = text[..<open].split(separator: " ").joined(separator: " ")
        if name.hasPrefix("\""), name.hasSuffix("\""), name.count > 1 { name = String(name.dropFirst().dropLast()) }
        self.init(address, name: name.isEmpty ? nil : name)
    }
}
