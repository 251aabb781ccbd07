import RabbitMQ

/// A value that the contract of a message to the store refuses, and the place that has to be named for it.
struct BadStoreValue: Sendable {
    let flow: StoreFlow
    /// The id of its message; no other has it.
    let id: String
    /// Where it is.
    let pointer: String
    private let old: String
    private let new: String

    init(_ flow: StoreFlow, _ member: String, _ old: String, _ new: String, at pointer: String? = nil) {
        self.flow = flow
        self.old = "\"\(member)\":\"\(old)\""
        self.new = "\"\(member)\":\"\(new)\""
        self.pointer = pointer ?? "/data/\(member)"
        id = "\(flow.rawValue) \(member) \(new)"
    }

    /// A message that is sound but for this value.
    func message(_ key: String) throws -> OutgoingMessage {
        var message = try flow.message(key, value: 7, id: id)
        message.body = message.replacing(old, new)
        return message
    }

    static let all = product + stock + shipment + customer + prices

    private static let product = [
        BadStoreValue(.product, "nextReceiptDate", "2026-03-16", "2026-02-30"),
        BadStoreValue(.product, "gtin", "4006381333931", "4006381333932"),
        BadStoreValue(.product, "unit", "C62", "QQQ"),
        BadStoreValue(.product, "currency", "USD", "ABC", at: "/data/listPrice/currency"),
        BadStoreValue(.product, "minimumQuantity", "50", "0"),
        BadStoreValue(.product, "minimumQuantity", "50", "-1"),
        BadStoreValue(.product, "minimumQuantity", "50", "1e9"),
        BadStoreValue(.product, "minimumQuantity", "50", "1000000001"),
    ]

    private static let stock = [
        BadStoreValue(.stock, "date", "2026-03-16", "2026-02-30", at: "/data/incoming/0/date"),
        BadStoreValue(.stock, "quantity", "5000", "0", at: "/data/incoming/0/quantity"),
        BadStoreValue(.stock, "unit", "C62", "QQQ"),
        BadStoreValue(.stock, "reserved", "0", "-1"),
        BadStoreValue(.stock, "onHand", "7", "1e9"),
        BadStoreValue(.stock, "onHand", "7", "-1000000001"),
    ]

    private static let shipment = [
        BadStoreValue(.shipment, "shipDate", "2026-03-06", "2026-02-30"),
        BadStoreValue(.shipment, "quantity", "100", "0", at: "/data/lines/0/quantity"),
        BadStoreValue(.shipment, "quantity", "100", "-1", at: "/data/lines/0/quantity"),
        BadStoreValue(.shipment, "quantity", "100", "1e9", at: "/data/lines/0/quantity"),
        BadStoreValue(.shipment, "state", "shipped", "lost"),
    ]

    private static let customer = [
        BadStoreValue(.customer, "currency", "USD", "ABC"),
        BadStoreValue(.customer, "currency", "USD", "usd"),
        BadStoreValue(.customer, "country", "US", "XX", at: "/data/billTo/country"),
        BadStoreValue(.customer, "creditLimit", "25000.00", "-1.00"),
        BadStoreValue(.customer, "creditUsed", "24310.55", "1e9"),
        BadStoreValue(.customer, "creditUsed", "24310.55", "24310.555"),
    ]

    private static let prices = [
        BadStoreValue(.contractPrices, "validFrom", "2026-01-01", "2026-02-30"),
        BadStoreValue(.contractPrices, "validUntil", "2026-03-31", "2025-12-31"),
        BadStoreValue(.contractPrices, "currency", "USD", "ABC"),
        BadStoreValue(.contractPrices, "unit", "C62", "QQQ", at: "/data/prices/0/unit"),
        BadStoreValue(.contractPrices, "minimumQuantity", "250", "-1", at: "/data/prices/0/minimumQuantity"),
        BadStoreValue(.contractPrices, "unitPrice", "7.00", "1e9", at: "/data/prices/0/unitPrice"),
        BadStoreValue(.contractPrices, "unitPrice", "7.00", "-1.00", at: "/data/prices/0/unitPrice"),
    ]
}
