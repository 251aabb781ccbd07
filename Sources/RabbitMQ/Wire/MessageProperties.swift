/// The properties of a message. All are optional on the wire.
public struct MessageProperties: Sendable, Hashable {
    /// MIME type of the body.
    public var contentType: String?
    /// Encoding of the body, such as gzip.
    public var contentEncoding: String?
    /// Application headers.
    public var headers: FieldTable
    /// 1 is transient, 2 is persistent.
    public var deliveryMode: UInt8?
    /// Priority from 0.
    public var priority: UInt8?
    /// Links a reply to its request.
    public var correlationID: String?
    /// Queue for the reply.
    public var replyTo: String?
    /// Time to live in milliseconds, as text.
    public var expiration: String?
    /// Identity of the message.
    public var messageID: String?
    /// Seconds since 1970.
    public var timestamp: UInt64?
    /// Kind of message.
    public var type: String?
    /// The broker verifies that this is the user of the connection.
    public var userID: String?
    /// Producing application.
    public var appID: String?

    /// Properties with these values.
    public init(
        contentType: String? = nil, contentEncoding: String? = nil, headers: FieldTable = FieldTable(),
        deliveryMode: UInt8? = nil, priority: UInt8? = nil, correlationID: String? = nil, replyTo: String? = nil,
        expiration: String? = nil, messageID: String? = nil, timestamp: UInt64? = nil, type: String? = nil,
        userID: String? = nil, appID: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.headers = headers
        self.deliveryMode = deliveryMode
        self.priority = priority
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.expiration = expiration
        self.messageID = messageID
        self.timestamp = timestamp
        self.type = type
        self.userID = userID
        self.appID = appID
    }
}
