internal import Fleet
internal import Models
internal import RabbitMQ

/// The messages of the benchmarks: about one kilobyte each, a new business object in each.
enum Supplies {
    /// The business key of the order at an index.
    static func number(_ index: Int) -> String { "W-\(1_000_000 + index)" }

    /// An `order.placed.v1` with two lines.
    static func order(_ index: Int, isPrepaid: Bool = false) throws -> OutgoingMessage {
        message(
            try placed(index, payment: isPrepaid ? .prepaid(reference: "pi_\(index)") : .purchaseOrder),
            Catalogue.orderPlaced, "urn:bench:store")
    }

    /// Its `order.cancelled.v1`.
    static func cancellation(_ index: Int) throws -> OutgoingMessage {
        message(try placed(index, revision: 2), Catalogue.orderCancelled, "urn:bench:store")
    }

    private static func placed(_ index: Int, revision: Int64 = 1, payment: Payment = .purchaseOrder) throws -> Order {
        let number = number(index)
        return Order(
            number: number, revision: revision, customer: .account("C-10001"),
            contact: Contact(name: "Ana Ruiz", email: "ana@northwind.example"), purchaseOrderNumber: "PO-\(number)",
            shipTo: try address, billTo: try address, shippingMethod: "GROUND", payment: payment,
            currency: .usd,
            lines: [
                try line("1", "FST-0001", quantity: "250", price: "0.18", amount: "45.00"),
                try line("2", "ELC-0002", quantity: "12", price: "1.25", amount: "15.00"),
            ],
            totals: OrderTotals(
                goods: try decimal("60.00"), discount: .zero, shipping: try decimal("12.50"), tax: .zero,
                total: try decimal("72.50")))
    }

    /// An `order.status.v1` with two lines.
    static func status(_ index: Int) throws -> OutgoingMessage {
        let status = OrderStatus(
            number: number(index), revision: 1, erpNumber: "SO-\(5_000_000 + index)", answeredRevision: 1,
            state: .accepted, lines: [try lineStatus("1", "FST-0001", "250"), try lineStatus("2", "ELC-0002", "12")])
        return message(status, Catalogue.orderStatus, "urn:bench:erp")
    }

    /// The business key of the stock at an index: each product in three warehouses.
    static func stockSubject(_ index: Int) -> String { "SKU-\(index / 3)/\(["TAC", "DAL", "EWR"][index % 3])" }

    /// A `stock.v1` with one receipt on its way.
    static func stock(_ index: Int) throws -> OutgoingMessage {
        let keys = stockSubject(index).split(separator: "/").map(String.init)
        guard let date = CalendarDate("2026-03-16") else { throw BenchError.stuck("making a date") }
        let stock = Stock(
            sku: keys[0], warehouse: keys[1], revision: 1, unit: .one, onHand: try decimal("1200"),
            reserved: try decimal("250"), incoming: [IncomingStock(quantity: try decimal("5000"), date: date)],
            leadTimeDays: 9)
        return message(stock, Catalogue.stock, "urn:bench:erp")
    }

    private static func message(_ payload: some Payload, _ type: MessageType, _ source: String) -> OutgoingMessage {
        let envelope = Envelope(
            for: payload, as: type, source: source, time: .now(),
            traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, messageID: envelope.id, type: type.name),
            body: MessageWriter().write(envelope, payload))
    }

    private static func line(
        _ id: String, _ sku: String, quantity: String, price: String, amount: String
    ) throws -> OrderLine {
        OrderLine(
            id: id, sku: sku, quantity: try decimal(quantity), unit: .one, unitPrice: try decimal(price),
            amount: try decimal(amount))
    }

    private static func lineStatus(_ id: String, _ sku: String, _ quantity: String) throws -> LineStatus {
        let quantity = try decimal(quantity)
        return LineStatus(
            lineID: id, sku: sku, status: .accepted,
            quantities: .init(ordered: quantity, allocated: quantity, shipped: .zero, backordered: .zero),
            warehouse: "TAC", promisedDate: CalendarDate("2026-03-06"))
    }

    private static var address: Address {
        get throws {
            guard let country = CountryCode("US") else { throw BenchError.stuck("making an address") }
            return Address(
                company: "Northwind Fabrication", name: "Receiving Dock 4", street: ["2210 Harbor Avenue"],
                city: "Tacoma", region: "WA", postalCode: "98421", country: country)
        }
    }

    private static func decimal(_ text: String) throws -> ExactDecimal {
        guard let value = ExactDecimal(text) else { throw BenchError.stuck("making a decimal of \(text)") }
        return value
    }
}
