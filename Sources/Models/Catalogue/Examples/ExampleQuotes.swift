/// The questions for figures in the examples, and their answers.
enum ExampleQuotes {
    static let question = QuoteRequest(
        id: "Q-5c1e77", customer: .account("C-2044"), currency: .usd,
        questions: [.price, .availability, .shipping, .tax], shipTo: ExampleOrders.shipTo,
        lines: [
            QuoteLine(
                id: "1", sku: "BOLT-M8-40", quantity: decimal("250"), unit: .one, unitPrice: decimal("0.1835")),
            QuoteLine(id: "2", sku: "CABLE-NYM-3X1.5", quantity: decimal("12.5"), unit: UnitCode("MTR") ?? .one),
        ])

    static let live = QuoteAnswer(
        id: "Q-5c1e77", currency: .usd, answeredAt: ExampleOrders.time,
        lines: [
            QuotedLine(
                id: "1", sku: "BOLT-M8-40",
                price: QuotedPrice(
                    unitPrice: decimal("0.1835"), amount: decimal("45.88"), priceVersion: "2026-Q1", basis: .live),
                availability: [
                    QuotedAvailability(
                        warehouse: "TAC", quantity: decimal("950"), availableFrom: CalendarDate("2026-03-16"),
                        basis: .live)
                ]),
            QuotedLine(
                id: "2", sku: "CABLE-NYM-3X1.5",
                price: QuotedPrice(
                    unitPrice: decimal("1.12"), amount: decimal("14.00"), priceVersion: "2026-A", basis: .live),
                availability: [QuotedAvailability(warehouse: "TAC", quantity: decimal("480"), basis: .live)]),
        ],
        shipping: [
            QuotedShipping(method: "GROUND", title: "Ground, 2 to 5 days", amount: decimal("12.50"), basis: .live),
            QuotedShipping(method: "2DAY", title: "Second day by air", amount: decimal("31.20"), basis: .live),
        ],
        tax: QuotedTax(amount: decimal("5.99"), basis: .live))

    /// The ERP could not be asked: stock as it was last known, freight and tax by tables, and no price that may be wrong.
    static let withoutERP = QuoteAnswer(
        id: "Q-5c1e77", currency: .usd, answeredAt: ExampleOrders.time,
        lines: [
            QuotedLine(
                id: "1", sku: "BOLT-M8-40",
                price: QuotedPrice(
                    unitPrice: decimal("0.1835"), amount: decimal("45.88"), priceVersion: "2026-Q1", basis: lastKnown),
                availability: [QuotedAvailability(warehouse: "TAC", quantity: decimal("950"), basis: lastKnown)])
        ],
        shipping: [
            QuotedShipping(
                method: "GROUND", title: "Ground, 2 to 5 days", amount: decimal("14.00"),
                basis: QuoteBasis(kind: .estimated))
        ],
        tax: QuotedTax(amount: decimal("4.73"), basis: QuoteBasis(kind: .estimated)),
        refusals: [
            QuoteRefusal(
                question: .price, line: "2", code: "price.unknown",
                text: "No price of CABLE-NYM-3X1.5 is known for C-2044 that holds today."),
            QuoteRefusal(
                question: .availability, line: "2", code: "stock.unknown",
                text: "What is there of CABLE-NYM-3X1.5 is not known while the ERP is away."),
        ])

    /// 2026-03-01T11:46:12Z.
    private static let lastKnown = QuoteBasis(
        kind: .cached, asOf: Timestamp(microseconds: 1_772_365_572_000_000) ?? .epoch)

    private static func decimal(_ text: StaticString) -> ExactDecimal { ExampleOrders.decimal(text) }
}
