import ArgumentParser
import Fleet
import Models
import RabbitMQ

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

    static func filter(_ arguments: String...) throws -> LetterFilter { try LetterFilter.parse(arguments) }
}
