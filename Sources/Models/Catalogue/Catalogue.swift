/// Every message type there is: the source from which routing, schemas, documents and examples are derived.
public enum Catalogue {
    /// All types, in the order in which they are documented.
    public static let types: [MessageType] = [
        orderPlaced, orderAmended, orderCancelled, orderStatus, orderOffline, product, stock, shipment, customer,
        contractPrices, quoteRequested, quoteAnswered, alertRaised,
    ]

    /// The types that are published to ``exchange``: all but the replies.
    public static let routed: [MessageType] = types.filter { !$0.isReply }

    /// The type of that name.
    public static func type(named name: some StringProtocol) -> MessageType? {
        types.first { $0.name == name }
    }

    /// The known type of the same object and event when `name` is a higher version of it.
    static func olderVersion(of name: String) -> MessageType? {
        guard let (event, version) = split(name) else { return nil }
        return types.last { type in split(type.name).map { $0.event == event && $0.version < version } ?? false }
    }

    private static func split(_ name: String) -> (event: Substring, version: Int)? {
        guard let dot = name.lastIndex(of: "."), name[dot...].hasPrefix(".v") else { return nil }
        let digits = name[dot...].dropFirst(2)
        // `Int` would take "+2" too.
        guard digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int(digits).map { (name[..<dot], $0) }
    }

    /// The exchange that every message but a reply is published to, under its type's name as the routing key.
    public static let exchange = "commerce"

    /// The flow queues, each once, sorted.
    public static let queues: [String] = Set(types.filter { !$0.isQuestion }.flatMap(\.queues)).sorted()

    /// The queues of questions, each once, sorted: no flows, because nobody waits for an answer that comes late.
    public static let questionQueues: [String] = Set(types.filter(\.isQuestion).flatMap(\.queues)).sorted()

    /// Where the store's orders are noted as they are taken, whether or not the ERP is there.
    public static let takenOrders = "orders.taken"

    /// A store took an order.
    public static let orderPlaced = MessageType(
        name: "order.placed.v1", family: "order", queue: "orders.to-erp", copies: [takenOrders], title: "Order placed",
        summary: "A buyer placed an order in the store.", direction: .toERP, payload: Order.self)

    /// A store changed an order.
    public static let orderAmended = MessageType(
        name: "order.amended.v1", family: "order", queue: "orders.to-erp", copies: [takenOrders],
        title: "Order amended",
        summary: "A buyer changed an order. The whole order is restated; the newest revision wins.", direction: .toERP,
        payload: Order.self)

    /// A store cancelled an order.
    public static let orderCancelled = MessageType(
        name: "order.cancelled.v1", family: "order", queue: "orders.to-erp", copies: [takenOrders],
        title: "Order cancelled",
        summary: "A buyer cancelled an order. The whole order is restated as it was cancelled.", direction: .toERP,
        payload: Order.self)

    /// The ERP answered an order.
    public static let orderStatus = MessageType(
        name: "order.status.v1", family: "order.status", queue: "orders.to-store", title: "Order status",
        summary: "The ERP's answer to an order, restated in full at each change.", direction: .toStore,
        payload: OrderStatus.self)

    /// An order was keyed in the ERP.
    public static let orderOffline = MessageType(
        name: "order.offline.v1", family: "order.offline", queue: "orders.to-store", title: "Offline order",
        summary: "An order keyed in the ERP, with its status, restated in full at each change.", direction: .toStore,
        payload: OfflineOrder.self)

    /// The ERP keeps a product.
    public static let product = MessageType(
        name: "product.v1", family: "product", queue: "inventory.to-store", title: "Product",
        summary: "A product as the ERP keeps it, restated in full at each change.", direction: .toStore,
        payload: Product.self)

    /// A warehouse's stock of a product changed.
    public static let stock = MessageType(
        name: "stock.v1", family: "stock", queue: "inventory.to-store", title: "Stock",
        summary: "What a warehouse has of a product, restated in full at each change.", direction: .toStore,
        payload: Stock.self)

    /// Goods of an order are on their way.
    public static let shipment = MessageType(
        name: "shipment.v1", family: "shipment", queue: "tracking.to-store", title: "Shipment",
        summary: "Goods of one order that leave one warehouse together, restated in full at each change.",
        direction: .toStore, payload: Shipment.self)

    /// The ERP keeps an account.
    public static let customer = MessageType(
        name: "customer.v1", family: "customer", queue: "customers.to-store", title: "Customer",
        summary: "An account as the ERP keeps it, restated in full at each change.", direction: .toStore,
        payload: Customer.self)

    /// Prices of an account or of a price list changed.
    public static let contractPrices = MessageType(
        name: "contract-prices.v1", family: "contract-prices", queue: "customers.to-store", title: "Contract prices",
        summary: "Prices agreed with an account, or of a price list, restated in full at each change.",
        direction: .toStore, payload: ContractPrices.self)

    /// A store asks for figures.
    public static let quoteRequested = MessageType(
        name: "quote.requested.v1", family: "quote", queue: "quotes.to-erp", answer: "quote.answered.v1",
        title: "Quote requested",
        summary:
            "A store asks for figures before an order is placed, and waits for them: reply-to says where, expiration how long.",
        direction: .toERP, payload: QuoteRequest.self)

    /// A store's question is answered.
    public static let quoteAnswered = MessageType(
        name: "quote.answered.v1", family: "quote.answered", queue: "", title: "Quote answered",
        summary: "The answer to a question for figures, each with what it rests on: live, cached or estimated.",
        direction: .toAsker, payload: QuoteAnswer.self)

    /// Something has happened, or ended, that a person has to know.
    public static let alertRaised = MessageType(
        name: "alert.raised.v1", family: "alert", queue: "alerts", title: "Alert",
        summary: "Something that a person has to know, restated in full at each change, until it is resolved.",
        direction: .toPeople, payload: Alert.self)
}
