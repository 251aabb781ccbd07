/// A store's place for posts that may be used: its host is on the allow list, and there is a secret to sign with.
public struct WebhookEndpoint: Hashable, Sendable {
    /// Where to.
    public let url: WebhookURL
    /// At least one. The first signs for the store as it is; others while it changes from one to the other.
    public let secrets: [WebhookSecret]

    /// Checks the address against the allow list: `host`, for the port that the scheme means, or `host:port`.
    ///
    /// Only https is posted to, and http on a loopback host for those who try things. No redirect is ever followed, so that
    /// the allow list is the whole answer to where a post may go; and what answers for the host must have its certificate,
    /// so that a changed name server sends no post anywhere else.
    public init(url: WebhookURL, secrets: [WebhookSecret], allowedHosts: [String]) throws(Fault) {
        try Self.check(url, allowedHosts: allowedHosts)
        guard !secrets.isEmpty else { throw .noSecret }
        self.url = url
        self.secrets = secrets
    }

    /// Whether the address may be posted to, secrets aside.
    public static func check(_ url: WebhookURL, allowedHosts: [String]) throws(Fault) {
        guard url.isSecure || url.isLoopback else { throw .notSecure }
        guard !allowedHosts.isEmpty else { throw .noAllowedHosts(host: url.authority) }
        let places = allowedHosts.map { HostAndPort($0) }
        if let wrong = zip(allowedHosts, places).first(where: { $0.1 == nil }) { throw .notAHost(wrong.0) }
        let standard = url.isSecure ? 443 : 80
        guard places.contains(where: { $0?.host == url.host && ($0?.port ?? standard) == url.port }) else {
            throw .notAllowed(host: url.authority)
        }
    }

    /// Why an address may not be posted to.
    public enum Fault: Error, Hashable, Sendable {
        case noSecret
        case noAllowedHosts(host: String)
        case notAHost(String)
        case notSecure
        case notAllowed(host: String)

        /// One sentence, without its full stop, that says what is allowed; `setting` is where the allow list stands.
        public func sentence(allowedHostsIn setting: String) -> String {
            switch self {
            case .noSecret: "a secret is needed to sign with"
            case .noAllowedHosts(let host): "name the hosts that may be posted to; that of the address is `\(host)`"
            case .notAHost(let text): "`\(text)` must be a host, or a host and a port such as store.example:8443"
            case .notSecure: "must begin with https:// (http:// only for a loopback host, to try things on)"
            case .notAllowed(let host):
                "the host `\(host)` is not in `\(setting)`; without a port an entry is for 443 alone"
            }
        }
    }
}

extension WebhookURL {
    /// The host with its port, unless that goes without saying; as an allow list names it.
    var authority: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? shown : "\(shown):\(port)"
    }
}
