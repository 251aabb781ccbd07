import FleetTesting
import FoundationEssentials
import Models
import Testing

/// Orders of a store, in a file as `stevedore publish` takes them.
enum StoreOrders {
    /// Writes an order for each number; the simulator knows their account and product.
    static func write(_ numbers: [String], to path: String) throws {
        let lines = try numbers.map { number in
            let order = try order(number)
            let envelope = Envelope(
                for: order, as: Catalogue.orderPlaced, source: "urn:test:store", time: .now(), id: MessageID.next())
            return String(decoding: MessageWriter().write(envelope, order), as: UTF8.self)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    }

    private static func order(_ number: String) throws -> Order {
        let price = try #require(ExactDecimal(units: 400, scale: 2))
        let address = Address(
            company: "Northwind", name: "Dock 4", street: ["1 Harbor Avenue"], city: "Tacoma", region: "WA",
            postalCode: "98421", country: try #require(CountryCode("US")))
        return Order(
            number: number, revision: 1, customer: .account("C-10001"),
            contact: Contact(name: "Ana Ruiz", email: "ana@northwind.example"), purchaseOrderNumber: "PO-\(number)",
            shipTo: address, billTo: address, shippingMethod: "GROUND", payment: .purchaseOrder, currency: .usd,
            lines: [
                OrderLine(
                    id: "1", sku: "FST-0001", quantity: try #require(ExactDecimal(1)), unit: .one, unitPrice: price,
                    amount: price)
            ],
            totals: OrderTotals(goods: price, discount: .zero, shipping: .zero, tax: .zero, total: price))
    }
}
