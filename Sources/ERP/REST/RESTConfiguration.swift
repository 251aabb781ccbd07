/// How to reach an ERP that serves the interface of `openapi.yaml`.
public struct RESTConfiguration: Hashable, Sendable, CustomStringConvertible {
    /// `http(s)://host[:port][/prefix]`.
    public var baseURL: String
    /// Sent as a bearer token.
    public var apiKey: String?
    /// For `ping`, `findOrder`, `changes` and `quote`.
    public var readTimeout: Duration
    /// For `submit`, `amend` and `cancel`: an ERP may take seconds to confirm an order.
    public var writeTimeout: Duration
    /// For name lookup, TCP and TLS together.
    public var connectTimeout: Duration
    /// A longer answer is not believed; `openapi.yaml` asks for fewer rows instead.
    public var maxAnswerBytes: Int

    /// The usual limits.
    public init(
        baseURL: String,
        apiKey: String? = nil,
        readTimeout: Duration = .seconds(10),
        writeTimeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(3),
        maxAnswerBytes: Int = 4 << 20
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.readTimeout = readTimeout
        self.writeTimeout = writeTimeout
        self.connectTimeout = connectTimeout
        self.maxAnswerBytes = maxAnswerBytes
    }

    /// What ``baseURL`` has to be and is not, as a predicate for a sentence; nil when it can be used.
    public var addressFault: String? {
        let form = "an address like https://erp.example.com:8443/api"
        guard let scheme = ["http://", "https://"].first(where: baseURL.hasPrefix) else {
            return "\(form), beginning with http:// or https://"
        }
        guard baseURL.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "\(form), of ASCII without blanks" }
        let rest = baseURL.dropFirst(scheme.count)
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { return "\(form), without ? and #" }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else { return "\(form), without user and password: see `erp.rest.token`" }
        return Self.isHost(authority) ? nil : "\(form), with a host and, if any, a port from 1 to 65535"
    }

    /// ``baseURL`` without the credentials that it may not have.
    public var shownURL: String {
        let end = baseURL.firstIndex { $0 == "?" || $0 == "#" } ?? baseURL.endIndex
        guard let sign = baseURL[..<end].lastIndex(of: "@") else { return baseURL }
        let start = baseURL.firstRange(of: "://")?.upperBound ?? baseURL.startIndex
        return start < sign ? baseURL[..<start] + "…" + baseURL[sign...] : baseURL
    }

    private static func isHost(_ authority: Substring) -> Bool {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
        guard let end else { return !isBracketed && !authority.isEmpty }
        let host = isBracketed ? authority[authority.index(after: authority.startIndex)..<end] : authority[..<end]
        let rest = isBracketed ? authority[authority.index(after: end)...] : authority[end...]
        guard !host.isEmpty else { return false }
        guard let colon = rest.first else { return true }
        let digits = rest.dropFirst()
        guard colon == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return Int(digits).map { (1...65_535).contains($0) } ?? false
    }

    /// Without the key.
    public var description: String { "REST ERP at \(shownURL)" }
}
