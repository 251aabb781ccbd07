import ArgumentParser
import Fleet
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// Letters for tests.
enum Letters {
    static func make(
        id: String? = "m-1", code: String? = "rejected.unknown-sku", flow: String = "orders.to-erp",
        body: String = "{}", headers: FieldTable = FieldTable(), lastFailedAt: String = "2026-03-01T10:00:00Z"
    ) -> Letter {
        var table = headers
        if let code { table[MessageHeader.code] = .string(code) }
        table[MessageHeader.lastFailedAt] = .string(lastFailedAt)
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), redelivered: false, exchange: "commerce.dead",
            routingKey: flow + ".dead",
            properties: MessageProperties(
                contentType: "application/cloudevents+json", headers: table, expiration: "5000", messageID: id,
                userID: "store"),
            body: Array(body.utf8))
        return Letter(delivery, source: .dead(flow: flow), reader: MessageReader())
    }

    /// A message that no queue wanted.
    static func unrouted(_ key: String) -> Letter {
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), exchange: "commerce", routingKey: key,
            properties: MessageProperties(messageID: "u-1"), body: Array("{}".utf8))
        return Letter(delivery, source: .unrouted, reader: MessageReader())
    }

    /// The body of an order that keeps its contract.
    static func order(_ number: String, revision: Int64 = 1, id: String) throws -> [UInt8] {
        let text = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first).text
        let transport = IncomingMessage(MessageProperties(contentType: IncomingMessage.structured))
        var order = try #require(try MessageReader().read(Array(text.utf8), transport).payload as? Order)
        (order.number, order.revision) = (number, revision)
        let envelope = Envelope(
            for: order, as: Catalogue.orderPlaced, source: "urn:test:store", time: .epoch, id: id)
        return MessageWriter().write(envelope, order)
    }

    static func filter(_ arguments: String...) throws -> LetterFilter { try LetterFilter.parse(arguments) }
}
