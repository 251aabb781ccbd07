import Models
import Testing

/// Objects with every field set and no value twice, so that one which is missing cannot hide behind another.
enum Unlike {
    static func offlineOrder() throws -> OfflineOrder {
        OfflineOrder(
            number: "SO-1", revision: 11, account: "C-1",
            contact: Contact(name: "Ana Ruiz", email: "ana@example.com", phone: "+1 253 555 0142"),
            purchaseOrderNumber: "PO-1", placedAt: try #require(Timestamp(rfc3339: "2026-03-01T12:00:00Z")),
            shipTo: try address("ship", "US"), billTo: try address("bill", "CA"), shippingMethod: "GROUND",
            requestedDate: try date("2026-03-09"), preferredWarehouse: "TAC", payment: .prepaid(reference: "pi_1"),
            currency: try #require(Currency("USD")),
            lines: [
                OrderLine(
                    id: "line-1", sku: "SKU-1", quantity: try decimal("8"), unit: try #require(UnitCode("MTR")),
                    unitPrice: try decimal("1.11"), amount: try decimal("8.88"), priceVersion: "2026-Q1")
            ],
            totals: OrderTotals(
                goods: try decimal("8.01"), discount: try decimal("0.02"), shipping: try decimal("0.03"),
                tax: try decimal("0.04"), total: try decimal("8.06")),
            state: .held, reason: OrderStatus.Reason(code: "credit.hold", text: "Over the limit."),
            lineStatuses: [try lineStatus()])
    }

    /// The catalogue's example.
    static func order() throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        return try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
    }

    static func orderStatus() throws -> OrderStatus {
        OrderStatus(
            number: "W-1", revision: 11, erpNumber: "SO-1", answeredRevision: 12, state: .held,
            reason: OrderStatus.Reason(code: "credit.hold", text: "Over the limit."), lines: [try lineStatus()])
    }

    static func product() throws -> Product {
        Product(
            sku: "SKU-1", revision: 11, name: "Bolt", description: "A bolt.",
            texts: [ProductText(language: "de", name: "Schraube", description: "Eine Schraube.")],
            attributes: [ProductAttribute(name: "length", value: "40", unit: UnitCode("MMT"))],
            groups: ["fasteners"], unit: try #require(UnitCode("C62")), minimumQuantity: try decimal("50"),
            quantityStep: try decimal("25"),
            weight: Measure(quantity: try decimal("17.3"), unit: try #require(UnitCode("GRM"))),
            gtin: GTIN("4006381333931"),
            listPrice: Price(amount: try decimal("0.2150"), currency: try #require(Currency("CHF"))),
            taxClass: "standard", leadTimeDays: 12, nextReceiptDate: try date("2026-03-16"), replacementSKU: "SKU-2",
            isActive: true)
    }

    static func stock() throws -> Stock {
        Stock(
            sku: "SKU-1", warehouse: "TAC", revision: 11, unit: try #require(UnitCode("C62")),
            onHand: try decimal("1200"), reserved: try decimal("250"),
            incoming: [
                IncomingStock(quantity: try decimal("5000"), date: try date("2026-03-16")),
                IncomingStock(quantity: try decimal("70"), date: try date("2026-03-09")),
            ], leadTimeDays: 9)
    }

    static func shipment() throws -> Shipment {
        Shipment(
            id: "SH-1", revision: 11, order: .online("W-1"), warehouse: "TAC", state: .delivered, carrier: "UPS",
            service: "Ground", trackingNumbers: ["1Z 9/1", "1Z92"], shipDate: try date("2026-03-06"),
            lines: [ShipmentLine(lineID: "line-1", sku: "SKU-1", quantity: try decimal("8"))])
    }

    static func customer() throws -> Customer {
        Customer(
            account: "C-1", revision: 11, name: "Northwind", taxID: "91-1144442", billTo: try address("bill", "CA"),
            shipTos: [ShipTo(id: "DOCK", address: try address("dock", "US"))],
            contacts: [Contact(name: "Ana Ruiz", email: "ana@example.com", phone: "+1 253 555 0142")],
            currency: try #require(Currency("CHF")),
            terms: PaymentTerms(code: "NET30", text: "30 days net", netDays: 30), isPurchaseOrderAllowed: true,
            creditLimit: try decimal("25000.00"), creditUsed: try decimal("24310.55"),
            hold: OrderStatus.Reason(code: "credit.overdue", text: "Overdue."), priceLists: ["WEST"],
            assortment: Assortment(groups: ["bolts"], skus: ["SKU-1"], excludedSKUs: ["SKU-2"]), isActive: true)
    }

    static func prices() throws -> ContractPrices {
        ContractPrices(
            holder: .priceList("WEST"), priceVersion: "2026-Q1", part: "fasteners", revision: 11,
            currency: try #require(Currency("CHF")), validFrom: try date("2026-01-01"),
            validUntil: try date("2026-03-31"),
            prices: [
                ContractPrice(
                    sku: "SKU-1", minimumQuantity: try decimal("250"), unit: try #require(UnitCode("MTR")),
                    unitPrice: try decimal("0.1835"))
            ])
    }

    private static func lineStatus() throws -> LineStatus {
        LineStatus(
            lineID: "line-1", sku: "SKU-1", status: .substituted,
            quantities: LineStatus.Quantities(
                ordered: try decimal("8"), allocated: try decimal("4"), shipped: try decimal("3"),
                backordered: try decimal("1")),
            warehouse: "DAL", promisedDate: try date("2026-03-20"), substituteSKU: "SKU-2",
            reason: OrderStatus.Reason(code: "stock.short", text: "One follows."))
    }

    private static func address(_ name: String, _ country: String) throws -> Address {
        Address(
            company: "\(name) company", name: "\(name) name", street: ["\(name) street"], city: "\(name) city",
            region: "\(name) region", postalCode: "\(name) 1", country: try #require(CountryCode(country)))
    }

    private static func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
    private static func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
}
