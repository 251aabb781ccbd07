import Models
import Testing

@testable import ERP

@Suite struct WireOrderBodyTests {
    private func order() throws -> Order {
        let place = Address(
            company: "Acme \"East\"", name: "Ana Ruiz", street: ["1 Ölmühle", "Dock\\2"], city: "Linz",
            region: "Upper Austria", postalCode: "4020", country: try #require(CountryCode("AT")))
        let line = OrderLine(
            id: "1", sku: "FST-1", quantity: try #require(ExactDecimal("2.50")), unit: try #require(UnitCode("C62")),
            unitPrice: try #require(ExactDecimal("0.1250")), amount: try #require(ExactDecimal("0.31")),
            priceVersion: "7")
        let zero = try #require(ExactDecimal("0.00"))
        return Order(
            number: "W-1", revision: 3, customer: .account("C-1"),
            contact: Contact(name: "Ana\u{1}", email: "ana@acme.example", phone: "+43 1"), purchaseOrderNumber: "PO/1",
            shipTo: place, billTo: place, shippingMethod: "ground", requestedDate: CalendarDate("2026-03-05"),
            preferredWarehouse: "EAST", payment: .prepaid(reference: "tx-1"), currency: try #require(Currency("EUR")),
            lines: [line],
            totals: OrderTotals(
                goods: try #require(ExactDecimal("0.31")), discount: zero, shipping: zero, tax: zero,
                total: try #require(ExactDecimal("0.31"))))
    }

    private func text(_ order: Order) -> String { String(decoding: WireOrder.body(order), as: UTF8.self) }

    @Test("an order is sent under the contract's names, with its decimals as they are")
    func whole() throws {
        let place = """
            {"company":"Acme \\"East\\"","name":"Ana Ruiz","street":["1 Ölmühle","Dock\\\\2"],"city":"Linz",\
            "region":"Upper Austria","postalCode":"4020","country":"AT"}
            """
        #expect(
            try text(order()) == """
                {"number":"W-1","revision":3,"customer":{"account":"C-1"},\
                "contact":{"name":"Ana\\u0001","email":"ana@acme.example","phone":"+43 1"},\
                "purchaseOrderNumber":"PO/1","shipTo":\(place),"billTo":\(place),"shippingMethod":"ground",\
                "requestedDate":"2026-03-05","preferredWarehouse":"EAST",\
                "payment":{"method":"prepaid","reference":"tx-1"},"currency":"EUR",\
                "lines":[{"id":"1","sku":"FST-1","quantity":"2.50","unit":"C62","unitPrice":"0.1250","amount":"0.31",\
                "priceVersion":"7"}],\
                "totals":{"goods":"0.31","discount":"0.00","shipping":"0.00","tax":"0.00","total":"0.31"}}
                """)
    }

    @Test("what an order does not have is left out")
    func bare() throws {
        var order = try order()
        order.customer = .registration("R-1")
        order.contact.phone = nil
        order.purchaseOrderNumber = nil
        order.shipTo = Address(name: "Ana", street: [], city: "Linz", country: order.shipTo.country)
        order.billTo = order.shipTo
        order.requestedDate = nil
        order.preferredWarehouse = nil
        order.payment = .purchaseOrder
        order.lines[0].priceVersion = nil
        let place = #"{"name":"Ana","street":[],"city":"Linz","country":"AT"}"#
        #expect(
            text(order) == """
                {"number":"W-1","revision":3,"customer":{"registration":"R-1"},\
                "contact":{"name":"Ana\\u0001","email":"ana@acme.example"},"shipTo":\(place),"billTo":\(place),\
                "shippingMethod":"ground","payment":{"method":"purchase-order"},"currency":"EUR",\
                "lines":[{"id":"1","sku":"FST-1","quantity":"2.50","unit":"C62","unitPrice":"0.1250","amount":"0.31"}],\
                "totals":{"goods":"0.31","discount":"0.00","shipping":"0.00","tax":"0.00","total":"0.31"}}
                """)
    }

    @Test("an order says which of its figures nobody had from the ERP")
    func fallbacks() throws {
        var order = try order()
        #expect(!text(order).contains("fallbacks"))
        let time = try #require(Timestamp(rfc3339: "2026-03-01T08:00:00Z"))
        order.fallbacks = [
            QuoteFallback(question: .shipping, basis: .estimated),
            QuoteFallback(question: .tax, basis: .cached, asOf: time),
        ]
        #expect(
            text(order).hasSuffix(
                """
                "fallbacks":[{"question":"shipping","basis":"estimated"},\
                {"question":"tax","basis":"cached","asOf":"\(time)"}]}
                """))
    }
}
