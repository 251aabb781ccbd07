import Fleet
import Models
import RabbitMQ
import Testing

/// Orders as a store would publish them.
enum OrderMessages {
    static func order(
        _ number: String, revision: Int64 = 1, quantity: Int64 = 2, sku: String = "FST-0001"
    ) throws -> Order {
        let price = try #require(ExactDecimal(units: 400, scale: 2))
        let amount = try #require(ExactDecimal(units: 400 * quantity, scale: 2))
        let address = Address(
            company: "Northwind", name: "Dock 4", street: ["1 Harbor Avenue"], city: "Tacoma", region: "WA",
            postalCode: "98421", country: try #require(CountryCode("US")))
        return Order(
            number: number, revision: revision, customer: .account("C-10001"),
            contact: Contact(name: "Ana Ruiz", email: "ana@northwind.example"), purchaseOrderNumber: "PO-\(number)",
            shipTo: address, billTo: address, shippingMethod: "GROUND", payment: .purchaseOrder, currency: .usd,
            lines: [
                OrderLine(
                    id: "1", sku: sku, quantity: try #require(ExactDecimal(quantity)), unit: .one, unitPrice: price,
                    amount: amount)
            ],
            totals: OrderTotals(goods: amount, discount: .zero, shipping: .zero, tax: .zero, total: amount))
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
