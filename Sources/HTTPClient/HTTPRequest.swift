/// The request methods this client sends.
public enum HTTPMethod: String, Hashable, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// One request and its limits. Every limit has a value: no call can hang or grow without bound.
public struct HTTPRequest: Hashable, Sendable {
    /// The method.
    public var method: HTTPMethod
    /// Absolute, `http` or `https`.
    public var url: String
    /// Sent as they are.
    public var headers: HTTPHeaders
    /// Sent with its length; nil sends none.
    public var body: [UInt8]?
    /// From the call to the last byte of the answer, waiting for a free connection included.
    public var timeout: Duration
    /// For name lookup, TCP and TLS together.
    public var connectTimeout: Duration
    /// A longer answer fails with ``HTTPError/responseTooLarge(limit:)``.
    public var maxResponseBytes: Int

    /// A request with the usual limits.
    public init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(3),
        maxResponseBytes: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maxResponseBytes = maxResponseBytes
    }

    /// What would corrupt the request on the wire, or nil.
    var fault: String? {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return "the URL \"\(url.prefix(200))\" does not start with http:// or https://"
        }
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            return "the URL contains a blank or a control character"
        }
        return headers.fields.lazy.compactMap(Self.fault).first
    }

    private static func fault(in field: HTTPHeaders.Field) -> String? {
        let isToken = !field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
        guard isToken else { return "the header name \"\(field.name.prefix(80))\" is not a token" }
        guard !field.value.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) else {
            return "the value of the header \(field.name) contains a line break"
        }
        return nil
    }
}
