internal import Fleet
internal import Models
internal import RabbitMQ

/// Makes the messages of the rehearsed store and of the rehearsed warehouses: whole ones, as a real producer writes them.
struct RehearsedMessages: Sendable {
    private let address: Address
    private let currency: Currency
    private let unit: UnitCode
    private static let store = "urn:stevedore:rehearsal"
    private static let account = "C-10001"

    /// Nil when this version's contracts have no such country.
    init?() {
        guard let country = CountryCode("US") else { return nil }
        address = Address(
            company: "Northwind Fabrication", name: "Receiving Dock 4", street: ["2210 Harbor Avenue"],
            city: "Tacoma", region: "WA", postalCode: "98421", country: country)
        currency = .usd
        unit = .one
    }

    /// The order of a step, restated in full. A later revision orders more.
    func order(_ step: RehearsedStep) -> OutgoingMessage? {
        let (number, factor) = (OrderBook.number(step.index), Int64(step.revision))
        guard let quantity = ExactDecimal(250 * factor), let amount = ExactDecimal(units: 4_500 * factor, scale: 2),
            let price = ExactDecimal(units: 18, scale: 2), let fee = ExactDecimal(units: 1_250, scale: 2),
            let total = ExactDecimal(units: 4_500 * factor + 1_250, scale: 2)
        else { return nil }
        let order = Order(
            number: number, revision: Int64(step.revision), customer: .account(Self.account),
            contact: Contact(name: "Ana Ruiz", email: "ana@northwind.example"), purchaseOrderNumber: "PO-\(number)",
            shipTo: address, billTo: address, shippingMethod: "GROUND", payment: .purchaseOrder, currency: currency,
            lines: [
                OrderLine(id: "1", sku: "FST-0001", quantity: quantity, unit: unit, unitPrice: price, amount: amount)
            ],
            totals: OrderTotals(goods: amount, discount: .zero, shipping: fee, tax: .zero, total: total))
        return message(order, step.kind.type)
    }

    /// The stock at an index: a thousand products in three warehouses take turns.
    func stock(_ index: Int) -> OutgoingMessage? {
        let (sku, warehouse, round) = Self.stockKey(index)
        guard let onHand = ExactDecimal(1_200 + round) else { return nil }
        let stock = Stock(
            sku: sku, warehouse: warehouse, revision: round, unit: unit, onHand: onHand, reserved: .zero, incoming: [],
            leadTimeDays: 9)
        return message(stock, Catalogue.stock)
    }

    /// Which stock that is, as `SKU/warehouse`, and at which revision.
    static func stockPlace(_ index: Int) -> (place: String, revision: Int64) {
        let (sku, warehouse, round) = stockKey(index)
        return ("\(sku)/\(warehouse)", round)
    }

    private static func stockKey(_ index: Int) -> (sku: String, warehouse: String, revision: Int64) {
        let place = index % 3_000
        return ("REHEARSAL-\(place / 3)", ["EAST", "NORTH", "WEST"][place % 3], Int64(index / 3_000 + 1))
    }

    /// A question for price and availability, whose asker waits so long.
    func question(_ id: String, answerTo queue: String, within limit: Duration) -> OutgoingMessage? {
        guard let quantity = ExactDecimal(25) else { return nil }
        let request = QuoteRequest(
            id: id, customer: .account(Self.account), currency: currency, questions: [.price, .availability],
            lines: [QuoteLine(id: "1", sku: "FST-0001", quantity: quantity, unit: unit)])
        var question = message(request, Catalogue.quoteRequested)
        question.properties.replyTo = queue
        question.properties.correlationID = id
        question.properties.expiration = String(Int(limit / .milliseconds(1)))
        return question
    }

    private func message(_ payload: some Payload, _ type: MessageType) -> OutgoingMessage {
        let envelope = Envelope(for: payload, as: type, source: Self.store, time: .now())
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, messageID: envelope.id, type: type.name),
            body: MessageWriter().write(envelope, payload))
    }
}

extension RehearsedStep.Kind {
    var type: MessageType {
        switch self {
        case .placed: Catalogue.orderPlaced
        case .amended: Catalogue.orderAmended
        case .cancelled: Catalogue.orderCancelled
        }
    }
}
