import Glibc

/// The server that takes mail from this machine, and how to speak to it. A value of this type can be used as it is.
///
/// Certificates and host names are always verified, and a login never crosses a network in the clear.
public struct MailServer: Hashable, Sendable {
    /// How the conversation is protected.
    public enum Security: String, Hashable, Sendable, CaseIterable {
        /// Not at all. (Not called `none`: where this is optional, that would be the absence of a choice.)
        case plaintext = "none"
        /// Begins in the clear and must change to TLS before anything is said: a server without it gets no mail.
        case starttls
        /// TLS from the first byte: `smtps://`.
        case tls
    }

    /// Where it is.
    public let host: String
    /// On which port.
    public let port: Int
    /// How the conversation is protected.
    public let security: Security
    /// Who logs in; nil logs nobody in. Sent to a server that offers a login.
    public let user: String?
    /// The password of `user`.
    public let password: String?
    /// PEM certificates to trust instead of the system's.
    public let caFile: String?
    /// What this machine calls itself; nil takes its host name.
    public let heloName: String?
    /// For name lookup, TCP and TLS together.
    public let connectTimeout: Duration
    /// For one mail, from the call's turn to its last byte.
    public let timeout: Duration
    /// For the answer to a whole mail, which the server may scan first: RFC 5321 (4.5.3.2.6) asks for ten minutes,
    /// because whoever gives up sooner sends a mail again that has arrived.
    public let answerTimeout: Duration
    /// A connection unused for longer is ended.
    public let idleTimeout: Duration

    /// Checks everything that can be checked without asking the server.
    ///
    /// - Parameters:
    ///   - url: `smtp://host:port` or `smtps://host:port`; the port is 25 or 465 when it is not given.
    ///   - security: Nil is ``Security/tls`` for `smtps` and ``Security/starttls`` for `smtp`.
    /// - Throws: ``MailError/invalidServer(_:)``, which names what is wrong.
    public init(
        url: String, security: Security? = nil, user: String? = nil, password: String? = nil, caFile: String? = nil,
        heloName: String? = nil, connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(60),
        answerTimeout: Duration = .seconds(600), idleTimeout: Duration = .seconds(20)
    ) throws(MailError) {
        let place = try ServerPlace(url)
        self.host = place.host
        self.port = place.port
        self.security = security ?? (place.isTLS ? .tls : .starttls)
        self.user = user
        self.password = password
        self.caFile = caFile
        self.heloName = heloName
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.answerTimeout = answerTimeout
        self.idleTimeout = idleTimeout
        if let fault = self.fault(isTLS: place.isTLS) { throw .invalidServer(fault) }
    }

    /// What libcurl takes: the name of this machine is the path.
    var curlURL: String {
        "\(security == .tls ? "smtps" : "smtp")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(heloName ?? "")"
    }

    private func fault(isTLS: Bool) -> String? {
        if isTLS != (security == .tls) {
            return isTLS
                ? "smtps:// is TLS from the first byte, so its security is tls and not \(security.rawValue)"
                : "TLS from the first byte is written smtps://"
        }
        if (user == nil) != (password == nil) { return "a login needs both a user and a password" }
        if [user, password].contains(where: { $0?.utf8.contains(0) == true }) {
            return "the user or the password contains a NUL"
        }
        if user != nil, security == .plaintext, !isLoopback {
            return "a login to \(host) without TLS would show the password to the network: use starttls or smtps://"
        }
        if let heloName, !AddressGrammar.isDomain(Array(heloName.utf8)[...]) {
            return "the name of this machine has to be a host name"
        }
        let limits = [connectTimeout, timeout, answerTimeout, idleTimeout]
        let isTimely = limits.allSatisfy { $0 > .zero && $0 <= .seconds(3_600) }
        return isTimely ? nil : "a time-out has to be longer than nothing and at most an hour"
    }

    /// Only what is so by definition: any other name is what a name server says.
    private var isLoopback: Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return host == "localhost" || host == "::1"
    }
}

extension MailServer: CustomStringConvertible, CustomDebugStringConvertible {
    /// Where it is; never the password.
    public var description: String { curlURL }

    /// The same.
    public var debugDescription: String { curlURL }
}
