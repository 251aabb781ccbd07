/// The goods in the examples.
enum ExampleGoods {
    static let bolt = Product(
        sku: "BOLT-M8-40", revision: 17, name: "Hex bolt M8 x 40, zinc plated",
        description: "DIN 933, strength class 8.8, full thread.",
        texts: [ProductText(language: "de", name: "Sechskantschraube M8 x 40, verzinkt")],
        attributes: [
            ProductAttribute(name: "colour", value: "silver"),
            ProductAttribute(name: "length", value: "40", unit: UnitCode("MMT")),
            ProductAttribute(name: "thread", value: "M8"),
        ],
        groups: ["fasteners"], unit: .one, minimumQuantity: decimal("50"), quantityStep: decimal("50"),
        weight: UnitCode("GRM").map { Measure(quantity: decimal("17.3"), unit: $0) }, gtin: GTIN("4006381333931"),
        listPrice: Price(amount: decimal("0.2150"), currency: .usd), taxClass: "standard", leadTimeDays: 12,
        nextReceiptDate: CalendarDate("2026-03-16"), isActive: true)

    static let boltsInTacoma = Stock(
        sku: "BOLT-M8-40", warehouse: "TAC", revision: 2311, unit: .one, onHand: decimal("1200"),
        reserved: decimal("250"),
        incoming: [
            CalendarDate("2026-03-16").map { IncomingStock(quantity: decimal("5000"), date: $0) }
        ].compactMap { $0 }, leadTimeDays: 9)

    private static func decimal(_ text: StaticString) -> ExactDecimal { ExampleOrders.decimal(text) }
}
