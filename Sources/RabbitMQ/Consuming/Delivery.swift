/// One delivered message. It shares memory with its batch: keeping one keeps the batch's bytes.
public struct Delivery: Sendable {
    /// To settle it with.
    public let tag: DeliveryTag
    /// Whether the broker delivered it before, to anyone.
    public let redelivered: Bool
    /// The exchange it was published to.
    public let exchange: String
    /// The routing key it was published with.
    public let routingKey: String
    /// The message itself.
    public let body: MessageBody
    private let rawProperties: MessageBody

    init(_ arrival: Arrival, storage: [UInt8], epoch: UInt64) {
        tag = DeliveryTag(epoch: epoch, value: arrival.tag)
        redelivered = arrival.redelivered
        exchange = arrival.exchange
        routingKey = arrival.routingKey
        body = MessageBody(storage: storage, range: arrival.body)
        rawProperties = MessageBody(storage: storage, range: arrival.properties)
    }

    /// A delivery made by hand: of a message that no channel has brought, which must not be settled; and in tests.
    public init(
        tag: DeliveryTag, redelivered: Bool = false, exchange: String = "", routingKey: String,
        properties: MessageProperties = MessageProperties(), body: [UInt8]
    ) {
        self.tag = tag
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = MessageBody(body)
        var writer = WireWriter()
        // Properties that AMQP cannot carry could not have been delivered, so their loss is right.
        try? properties.write(to: &writer)
        rawProperties = MessageBody(writer.bytes)
    }

    /// The properties, decoded anew at every call: keep the result. Broken ones come out as far as they are readable.
    public var properties: MessageProperties {
        unsafe rawProperties.withUnsafeBytes { unsafe MessageProperties(wire: $0) }
    }
}

/// A message taken from the broker.
struct Arrival: Sendable {
    var tag: UInt64
    var redelivered: Bool
    var exchange: String
    var routingKey: String
    var properties: Range<Int> = 0..<0
    var body: Range<Int> = 0..<0
    /// basic.return only.
    var replyCode: UInt16 = 0
    /// basic.return only.
    var replyText = ""
}
