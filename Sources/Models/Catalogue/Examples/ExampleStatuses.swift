/// The ERP's answers in the examples.
enum ExampleStatuses {
    static let accepted = OrderStatus(
        number: "W-1001", revision: 1, erpNumber: "SO-48213", answeredRevision: 1, state: .accepted,
        lines: [
            LineStatus(
                lineID: "1", sku: "BOLT-M8-40", status: .accepted, quantities: allocated("250"), warehouse: "TAC",
                promisedDate: CalendarDate("2026-03-06")),
            LineStatus(
                lineID: "2", sku: "CABLE-NYM-3X1.5", status: .accepted, quantities: allocated("12.5"), warehouse: "TAC",
                promisedDate: CalendarDate("2026-03-06")),
        ])

    static let withChanges: OrderStatus = {
        var status = accepted
        status.revision = 2
        status.state = .held
        status.reason = OrderStatus.Reason(code: "credit.hold", text: "The account is over its credit limit.")
        status.lines[0].status = .partiallyBackordered
        status.lines[0].quantities = LineStatus.Quantities(
            ordered: decimal("250"), allocated: decimal("100"), shipped: .zero, backordered: decimal("150"))
        status.lines[0].promisedDate = CalendarDate("2026-03-20")
        status.lines[0].reason = OrderStatus.Reason(code: "stock.short", text: "150 follow when stock arrives.")
        status.lines[1].status = .substituted
        status.lines[1].substituteSKU = "CABLE-NYM-3X2.5"
        return status
    }()

    /// Freight had been estimated, and costs less.
    static let settled: OrderStatus = {
        var status = accepted
        status.number = "W-1002"
        status.erpNumber = "SO-48214"
        status.settlements = [
            QuoteSettlement(
                question: .shipping, basis: .cached, currency: .usd, quoted: decimal("12.50"),
                settled: decimal("11.80"), difference: decimal("-0.70"))
        ]
        return status
    }()

    static let offline = OfflineOrder(
        number: "SO-48300", revision: 1, account: "C-2044", contact: ExampleOrders.placed.contact,
        purchaseOrderNumber: "PHONE-0301", placedAt: ExampleOrders.time, shipTo: ExampleOrders.shipTo,
        billTo: ExampleOrders.placed.billTo, shippingMethod: "GROUND", requestedDate: CalendarDate("2026-03-09"),
        preferredWarehouse: "TAC", payment: .purchaseOrder, currency: .usd, lines: ExampleOrders.lines,
        totals: ExampleOrders.placed.totals, state: .accepted, lineStatuses: accepted.lines)

    private static func decimal(_ text: StaticString) -> ExactDecimal {
        ExampleOrders.decimal(text)
    }

    private static func allocated(_ quantity: StaticString) -> LineStatus.Quantities {
        LineStatus.Quantities(
            ordered: decimal(quantity), allocated: decimal(quantity), shipped: .zero, backordered: .zero)
    }
}
