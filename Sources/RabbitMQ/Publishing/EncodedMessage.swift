/// A message in its wire form, made on the caller's thread so that the connection's thread only writes.
struct EncodedMessage: Sendable {
    /// Exchange, routing key and properties, one after the other.
    let head: [UInt8]
    let exchange: Range<Int>
    let routingKey: Range<Int>
    let properties: Range<Int>
    let body: [UInt8]
    let messageID: String?

    /// A header frame must hold all properties: the broker closes the connection over a larger one.
    static let largestProperties = 131_072 - 64

    init(_ message: OutgoingMessage) throws(BrokerError) {
        do throws(WireFault) {
            guard message.exchange.utf8.count <= 255 else {
                throw WireFault(sentence: "the exchange name is longer than 255 bytes")
            }
            guard message.routingKey.utf8.count <= 255 else {
                throw WireFault(sentence: "the routing key is longer than 255 bytes")
            }
            var writer = WireWriter(capacity: 256)
            writer.raw(message.exchange.utf8)
            exchange = 0..<writer.bytes.count
            writer.raw(message.routingKey.utf8)
            routingKey = exchange.upperBound..<writer.bytes.count
            try message.properties.write(to: &writer)
            properties = routingKey.upperBound..<writer.bytes.count
            guard properties.count <= Self.largestProperties else {
                throw WireFault(sentence: "properties of \(properties.count) bytes do not fit one frame of 128 KiB")
            }
            head = writer.bytes
            body = message.body
            messageID = message.properties.messageID
        } catch {
            throw .preconditionFailed(error.sentence)
        }
    }

    var exchangeName: String { String(decoding: head[exchange], as: UTF8.self) }

    var routingKeyText: String { String(decoding: head[routingKey], as: UTF8.self) }

    /// Goes the way that a returned message went.
    func isOnTheWay(of returned: Arrival) -> Bool {
        head[exchange].elementsEqual(returned.exchange.utf8) && head[routingKey].elementsEqual(returned.routingKey.utf8)
    }

    /// Has the body and the identity of a returned message. Other properties do not count: from RabbitMQ 3.13 on the
    /// broker encodes them anew, with sorted headers.
    func holds(_ other: MessageBody, messageID id: String?) -> Bool {
        guard body.count == other.count, messageID == id else { return false }
        return unsafe other.withUnsafeBytes { unsafe $0.elementsEqual(body) }
    }
}
