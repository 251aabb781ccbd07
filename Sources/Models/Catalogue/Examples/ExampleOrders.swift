/// The orders in the examples.
enum ExampleOrders {
    /// 2026-03-01T12:00:00Z.
    static let time = Timestamp(microseconds: 1_772_366_400_000_000) ?? .epoch

    static let shipTo = Address(
        company: "Northwind Fabrication", name: "Receiving Dock 4", street: ["2210 Harbor Avenue"], city: "Tacoma",
        region: "WA", postalCode: "98421", country: .blank)

    private static let billTo = Address(
        company: "Northwind Fabrication", name: "Accounts Payable", street: ["PO Box 118"], city: "Seattle",
        region: "WA", postalCode: "98101", country: .blank)

    static let lines = [
        OrderLine(
            id: "1", sku: "BOLT-M8-40", quantity: decimal("250"), unit: .one, unitPrice: decimal("0.1835"),
            amount: decimal("45.88"), priceVersion: "2026-Q1"),
        OrderLine(
            id: "2", sku: "CABLE-NYM-3X1.5", quantity: decimal("12.5"), unit: UnitCode("MTR") ?? .one,
            unitPrice: decimal("1.12"), amount: decimal("14.00"), priceVersion: "2026-Q1"),
    ]

    static let placed = Order(
        number: "W-1001", revision: 1, customer: .account("C-2044"),
        contact: Contact(name: "Ana Ruiz", email: "ana.ruiz@northwind.example", phone: "+1 253 555 0142"),
        purchaseOrderNumber: "PO-77120", shipTo: shipTo, billTo: billTo, shippingMethod: "GROUND",
        requestedDate: CalendarDate("2026-03-09"), preferredWarehouse: "TAC", payment: .purchaseOrder, currency: .usd,
        lines: lines,
        totals: OrderTotals(
            goods: decimal("59.88"), discount: decimal("0.00"), shipping: decimal("12.50"), tax: decimal("5.99"),
            total: decimal("78.37")))

    /// The buyer drops the cable.
    static let amended: Order = {
        var order = placed
        order.revision = 2
        order.lines = [lines[0]]
        order.totals = OrderTotals(
            goods: decimal("45.88"), discount: decimal("0.00"), shipping: decimal("12.50"), tax: decimal("4.59"),
            total: decimal("62.97"))
        return order
    }()

    static let cancelled: Order = {
        var order = amended
        order.revision = 3
        return order
    }()

    /// A new customer pays in the store, while the ERP could not be asked for freight.
    static let prepaid: Order = {
        var order = placed
        order.number = "W-1002"
        order.customer = .registration("R-310")
        order.purchaseOrderNumber = nil
        order.payment = .prepaid(reference: "pi_3Nf8Qz2eZvKYlo2C")
        order.fallbacks = [QuoteFallback(question: .shipping, basis: .cached, asOf: time)]
        return order
    }()

    static func decimal(_ text: StaticString) -> ExactDecimal {
        ExactDecimal(text.description) ?? .zero
    }
}
