import Models
import RabbitMQ
import Testing

extension StoreFlow {
    /// A message of an object that says `value` in one of its fields, and that has a value which may be spoilt in most
    /// others.
    func message(
        _ key: String, revision: Int64 = 1, value: Int64, currency: Currency = .usd, id: String = MessageID.next()
    ) throws -> OutgoingMessage {
        switch self {
        case .product: return write(try Self.makeProduct(key, revision, value), id: id)
        case .stock: return write(try Self.makeStock(key, revision, value), id: id)
        case .shipment: return write(try Self.makeShipment(key, revision, value), id: id)
        case .customer: return write(try Self.makeCustomer(key, revision, value, currency), id: id)
        case .contractPrices: return write(try Self.makePrices(key, revision, value, currency), id: id)
        }
    }

    /// A message of anything that is of this kind.
    func write(_ payload: some Payload, id: String = MessageID.next()) -> OutgoingMessage {
        let envelope = Envelope(for: payload, as: type, source: "urn:test:erp", time: .now(), id: id)
        return OrderMessages.raw(MessageWriter().write(envelope, payload), type: type.name, id: id)
    }

    // MARK: - Versions

    /// With members that nobody knows, in the data and beside it.
    func roomy(_ key: String) throws -> OutgoingMessage {
        var roomy = try message(key, value: 1)
        roomy.body = roomy.replacing("\"data\":{", "\"data\":{\"forecast\":{\"weeks\":[1,2.5,null]},")
        roomy.body = roomy.replacing("\"specversion\"", "\"tenant\":\"north\",\"specversion\"")
        return roomy
    }

    /// By a newer schema of the same version.
    func modern(_ key: String) throws -> OutgoingMessage {
        var modern = try message(key, value: 1)
        modern.body = modern.replacing("\"dataschema\":\"", "\"dataschema\":\"https://schemas.example/2031/")
        modern.body = modern.replacing("\"data\":{", "\"data\":{\"carbon\":\"2.5\",")
        return modern
    }

    /// Of a version that nobody knows yet.
    func future(_ key: String) throws -> OutgoingMessage {
        var future = try message(key, value: 1)
        future.body = future.replacing("\"type\":\"\(type.name)\"", "\"type\":\"\(type.name.dropLast())2\"")
        return future
    }

    // MARK: - Payloads

    private static func makeProduct(_ key: String, _ revision: Int64, _ value: Int64) throws -> Product {
        Product(
            sku: key, revision: revision, name: "No. \(value)", unit: .one, minimumQuantity: try decimal("50"),
            gtin: GTIN("4006381333931"), listPrice: Price(amount: try decimal("1.00"), currency: .usd),
            nextReceiptDate: try day("2026-03-16"), isActive: true)
    }

    private static func makeStock(_ key: String, _ revision: Int64, _ value: Int64) throws -> Stock {
        Stock(
            sku: key, warehouse: "TAC", revision: revision, unit: .one, onHand: try decimal("\(value)"),
            reserved: .zero, incoming: [IncomingStock(quantity: try decimal("5000"), date: try day("2026-03-16"))])
    }

    private static func makeShipment(_ key: String, _ revision: Int64, _ value: Int64) throws -> Shipment {
        Shipment(
            id: key, revision: revision, order: .online(order), warehouse: "TAC", state: .shipped, carrier: "UPS",
            service: "No. \(value)", trackingNumbers: ["1Z9"], shipDate: try day("2026-03-06"),
            lines: [ShipmentLine(lineID: "1", sku: "FST-0001", quantity: try decimal("100"))])
    }

    private static func makeCustomer(
        _ key: String, _ revision: Int64, _ value: Int64, _ currency: Currency
    ) throws -> Customer {
        let billTo = Address(
            name: "Accounts Payable", street: ["PO Box 118"], city: "Seattle",
            country: try #require(CountryCode("US")))
        return Customer(
            account: key, revision: revision, name: "No. \(value)", billTo: billTo, currency: currency,
            isPurchaseOrderAllowed: true, creditLimit: try decimal("25000.00"), creditUsed: try decimal("24310.55"),
            isActive: true)
    }

    private static func makePrices(
        _ key: String, _ revision: Int64, _ value: Int64, _ currency: Currency
    ) throws -> ContractPrices {
        let price = ContractPrice(
            sku: "S-1", minimumQuantity: try decimal("250"), unit: .one, unitPrice: try decimal("\(value).00"))
        return ContractPrices(
            holder: .account(key), priceVersion: "Q1", revision: revision, currency: currency,
            validFrom: try day("2026-01-01"), validUntil: try day("2026-03-31"), prices: [price])
    }

    private static func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

    private static func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
}
