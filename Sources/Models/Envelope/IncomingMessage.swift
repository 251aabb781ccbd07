/// What the broker says about a body, in no broker's words.
public struct IncomingMessage {
    /// The content type; nil counts as structured mode unless the headers carry CloudEvents attributes.
    public var contentType: String?
    /// The content encoding; anything but identity and UTF-8 is refused.
    public var contentEncoding: String?
    /// The transport's message id: names the message in an error when the envelope cannot.
    public var messageID: String?
    /// The transport's type, likewise.
    public var type: String?
    /// The text headers; asked for only when the message is not in structured mode.
    public var headers: () -> [(name: String, value: String)]

    /// A message with these properties.
    public init(
        contentType: String? = IncomingMessage.structured, contentEncoding: String? = nil, messageID: String? = nil,
        type: String? = nil, headers: @escaping () -> [(name: String, value: String)] = { [] }
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
