/// What the broker says about a body, in no broker's words.
public struct IncomingMessage {
    /// A header in the spelling that CloudEvents gives its value: whole numbers in digits, `true` and `false`, times in
    /// RFC 3339.
    public enum HeaderValue: Hashable, Sendable, ExpressibleByStringLiteral {
        /// The text.
        case text(String)
        /// A value that no attribute can have: a table, a fraction, bytes that are no UTF-8 …
        case unreadable

        /// A text.
        public init(stringLiteral value: String) {
            self = .text(value)
        }
    }

    /// The content type; nil counts as structured mode unless the headers carry CloudEvents attributes.
    public var contentType: String?
    /// The content encoding; anything but identity and UTF-8 is refused.
    public var contentEncoding: String?
    /// The transport's message id: names the message in an error when the envelope cannot.
    public var messageID: String?
    /// The transport's type, likewise.
    public var type: String?
    /// The headers; asked for only when the message is not in structured mode, or is refused.
    public var headers: () -> [(name: String, value: HeaderValue)]

    /// A message with these properties.
    public init(
        contentType: String? = IncomingMessage.structured, contentEncoding: String? = nil, messageID: String? = nil,
        type: String? = nil, headers: @escaping () -> [(name: String, value: HeaderValue)] = { [] }
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.messageID = messageID
        self.type = type
        self.headers = headers
    }

    /// The content type of structured mode.
    public static let structured = "application/cloudevents+json"
}
