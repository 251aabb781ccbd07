/// A message to publish; always mandatory, persistent unless its properties say otherwise.
public struct OutgoingMessage: Sendable {
    /// The exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// The properties.
    public var properties: MessageProperties
    /// The message itself.
    public var body: [UInt8]

    /// A message; sets delivery mode 2 (persistent) when the properties name none.
    public init(
        exchange: String, routingKey: String, properties: MessageProperties = MessageProperties(), body: [UInt8]
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.properties.deliveryMode = properties.deliveryMode ?? 2
        self.body = body
    }
}
