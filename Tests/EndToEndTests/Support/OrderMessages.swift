import Fleet
import Models
import RabbitMQ
import Testing

/// Orders as a store would publish them.
enum OrderMessages {
    static func order(
        _ number: String, revision: Int64 = 1, quantity: Int64 = 2, sku: String = "FST-0001"
    ) throws -> Order {
        try order(number, revision: revision, quantity: quantity, skus: [sku])
    }

    /// A line for each product, with the ids from 1, all of the same quantity.
    static func order(
        _ number: String, account: String = "C-10001", revision: Int64 = 1, quantity: Int64 = 2, skus: [String]
    ) throws -> Order {
        let price = try #require(ExactDecimal(units: 400, scale: 2))
        let amount = try #require(ExactDecimal(units: 400 * quantity, scale: 2))
        let total = try #require(ExactDecimal(units: 400 * quantity * Int64(skus.count), scale: 2))
        let pieces = try #require(ExactDecimal(quantity))
        let address = Address(
            company: "Northwind", name: "Dock 4", street: ["1 Harbor Avenue"], city: "Tacoma", region: "WA",
            postalCode: "98421", country: try #require(CountryCode("US")))
        return Order(
            number: number, revision: revision, customer: .account(account),
            contact: Contact(name: "Ana Ruiz", email: "ana@northwind.example"), purchaseOrderNumber: "PO-\(number)",
            shipTo: address, billTo: address, shippingMethod: "GROUND", payment: .purchaseOrder, currency: .usd,
            lines: skus.enumerated().map { index, sku in
                OrderLine(
                    id: "\(index + 1)", sku: sku, quantity: pieces, unit: .one, unitPrice: price, amount: amount)
            },
            totals: OrderTotals(goods: total, discount: .zero, shipping: .zero, tax: .zero, total: total))
    }

    static func message(
        _ order: Order, as type: MessageType = Catalogue.orderPlaced, id: String = MessageID.next()
    ) -> OutgoingMessage {
        let envelope = Envelope(for: order, as: type, source: "urn:test:store", time: .now(), id: id)
        return raw(MessageWriter().write(envelope, order), type: type.name, id: id)
    }

    /// Anything that the ERP restates.
    static func message(of payload: some Payload, as type: MessageType) -> OutgoingMessage {
        let envelope = Envelope(for: payload, as: type, source: "urn:test:erp", time: .now())
        return raw(MessageWriter().write(envelope, payload), type: type.name, id: envelope.id)
    }

    /// Any body under any type: for what a store should not publish.
    static func raw(
        _ body: [UInt8], type: String = "order.placed.v1", id: String? = MessageID.next(), headers: FieldTable = [:]
    ) -> OutgoingMessage {
        OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, headers: headers, messageID: id, type: type), body: body)
    }
}
