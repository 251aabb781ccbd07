/// The accounts and their prices in the examples.
enum ExampleCustomers {
    static let northwind = Customer(
        account: "C-2044", revision: 41, name: "Northwind Fabrication", taxID: "91-1144442",
        billTo: ExampleOrders.placed.billTo, shipTos: [ShipTo(id: "DOCK-4", address: ExampleOrders.shipTo)],
        contacts: [ExampleOrders.placed.contact], currency: .usd,
        terms: PaymentTerms(code: "NET30", text: "30 days net", netDays: 30), isPurchaseOrderAllowed: true,
        creditLimit: decimal("25000.00"), creditUsed: decimal("24310.55"),
        hold: OrderStatus.Reason(code: "credit.overdue", text: "Invoice 88120 is 40 days overdue."),
        priceLists: ["WEST-COAST"],
        assortment: Assortment(groups: ["fasteners"], skus: ["CABLE-NYM-3X1.5"], excludedSKUs: ["BOLT-M8-40-SALE"]),
        isActive: true)

    static let northwindPrices = ContractPrices(
        holder: .account("C-2044"), priceVersion: "2026-Q1", revision: 3, currency: .usd,
        validFrom: CalendarDate("2026-01-01") ?? .blank, validUntil: CalendarDate("2026-03-31"),
        prices: [
            ContractPrice(sku: "BOLT-M8-40", unit: .one, unitPrice: decimal("0.1990")),
            ContractPrice(
                sku: "BOLT-M8-40", minimumQuantity: decimal("250"), unit: .one, unitPrice: decimal("0.1835")),
        ])

    static let westCoastPrices = ContractPrices(
        holder: .priceList("WEST-COAST"), priceVersion: "2026-A", part: "CABLE-NYM-3X1.5", revision: 1, currency: .usd,
        validFrom: CalendarDate("2026-01-01") ?? .blank,
        prices: [
            ContractPrice(sku: "CABLE-NYM-3X1.5", unit: UnitCode("MTR") ?? .one, unitPrice: decimal("1.12"))
        ])

    private static func decimal(_ text: StaticString) -> ExactDecimal { ExampleOrders.decimal(text) }
}
