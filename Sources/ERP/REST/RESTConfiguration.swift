/// How to reach an ERP that serves the interface of `openapi.yaml`.
public struct RESTConfiguration: Hashable, Sendable, CustomStringConvertible {
    /// `http(s)://host[:port][/prefix]`.
    public var baseURL: String
    /// Sent as a bearer token.
    public var apiKey: String?
    /// For `ping`, `findOrder` and `changes`.
    public var readTimeout: Duration
    /// For `submit`, `amend` and `cancel`: an ERP may take seconds to confirm an order.
    public var writeTimeout: Duration
    /// For name lookup, TCP and TLS together.
    public var connectTimeout: Duration
    /// A longer answer is not believed.
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

    /// Without the key.
    public var description: String { "REST ERP at \(baseURL)" }
}
