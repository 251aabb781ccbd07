import FoundationEssentials
import Models
import Testing

@testable import ERP

/// Accounts, prices and shipments as an ERP may state them.
@Suite struct WireAccountTests {
    private static let customer = """
        {"account":"C-1","version":3,"name":"Globex","taxId":"US-1",
        "billTo":{"name":"Accounts","street":["1 Main Street"],"city":"Newark","country":"US"},
        "shipTos":[{"id":"1","address":{"name":"Dock","street":["2 Main Street"],"city":"Newark","country":"US"}}],
        "contacts":[{"name":"Ada","email":"ada@example.com"}],"currency":"USD",
        "terms":{"code":"NET30","text":"30 days","netDays":30},"purchaseOrderAllowed":true,"creditLimit":"1000.00",
        "creditUsed":"10.00","hold":{"code":"credit.hold","text":"Overdue"},"priceLists":["PL-01"],
        "assortment":{"groups":["safety"],"skus":["A"],"excludedSkus":["B"]},"active":true}
        """
    private static let prices = """
        {"priceList":"PL-01","priceVersion":"2026-Q1","part":"A/B","version":4,"currency":"USD",
        "validFrom":"2026-01-01","validUntil":"2026-03-31",
        "prices":[{"sku":"A","unit":"C62","price":"4.00"},{"sku":"A","fromQuantity":"10","unit":"C62","price":"3.50"}]}
        """
    private static let shipment = """
        {"number":"S-1","version":5,"erpNumber":"SO1","storeNumber":"100","warehouse":"EAST","state":"shipped",
        "carrier":"UPS","service":"GROUND","trackingNumbers":["1Z9","1Z8"],"shipDate":"2026-03-02",
        "lines":[{"lineId":"1","sku":"A","quantity":"2"}]}
        """

    private func page<Object: WireObject>(_ type: Object.Type, _ text: String) throws -> ERPChanges {
        let text = #"{"changes":[\#(text)],"cursor":"9","hasMore":false}"#
        return try JSONDecoder().decode(WireChanges<Object>.self, from: Data(text.utf8)).value()
    }

    private func customer(_ text: String) throws -> Customer? {
        guard case .customer(let customer) = try page(WireCustomer.self, text).changes.first?.what else { return nil }
        return customer
    }

    @Test("an account comes with places, persons, terms, credit, lists and assortment")
    func wholeCustomer() throws {
        let customer = try #require(try customer(Self.customer))
        #expect(customer.billTo?.city == "Newark" && customer.shipTos.map(\.id) == ["1"])
        #expect(customer.contacts.map(\.email) == ["ada@example.com"] && customer.terms?.netDays == 30)
        #expect(customer.creditLimit == ExactDecimal("1000.00") && customer.hold?.code == "credit.hold")
        #expect(customer.priceLists == ["PL-01"] && customer.assortment?.excludedSKUs == ["B"])
        #expect(customer.isPurchaseOrderAllowed && customer.isActive && customer.revision == 3)
    }

    @Test("a place and a person that can not be read are left out and explained; a hold without words stays a hold")
    func forgivingCustomer() throws {
        let text = Self.customer.replacing(#""country":"US"}}"#, with: #""country":"USA"}}"#)
            .replacing("ada@example.com", with: "nobody").replacing(#""text":"Overdue""#, with: #""text":"""#)
        let customer = try #require(try customer(text))
        #expect(customer.shipTos.isEmpty && customer.contacts.isEmpty && customer.hold != nil)
        #expect(customer.contractFaults.isEmpty)
        let omissions = [
            IncompleteChange.Omission(part: "/shipTos/0", reason: "shipTos/0/address/country is no country"),
            IncompleteChange.Omission(part: "/contacts/0", reason: "contacts/0/email is no e-mail address"),
        ]
        let incomplete = try page(WireCustomer.self, text).incomplete
        #expect(incomplete == [IncompleteChange(key: "C-1", revision: 3, omissions: omissions)])
    }

    @Test(
        "an optional part of an account that can not be read is left out and explained",
        arguments: [
            (#""taxId":"US-1""#, #""taxId":7"#, "taxId", " has the wrong type"),
            (#"["1 Main Street"]"#, #"[" "]"#, "billTo", "/street is empty"),
            (
                #"["1 Main Street"]"#, #"["1","2","3","4","5"]"#, "billTo/street",
                " has more than 4 lines: the rest is left out"
            ),
            (#""name":"Dock","#, #""name":"Dock","region":7,"#, "shipTos/0/address/region", " has the wrong type"),
            (#""name":"Ada""#, #""name":"Ada","phone":1"#, "contacts/0/phone", " has the wrong type"),
            (#""code":"NET30""#, #""code":" ""#, "terms", "/code is empty"),
            (#""netDays":30"#, #""netDays":40000"#, "terms/netDays", " is above 36500"),
            ("credit.hold", #"a\u0007b"#, "hold/code", " contains control characters"),
        ])
    func incompleteCustomer(old: String, new: String, part: String, says: String) throws {
        let text = Self.customer.replacing(old, with: new)
        let omission = IncompleteChange.Omission(part: "/" + part, reason: part + says)
        let page = try page(WireCustomer.self, text)
        #expect(page.incomplete == [IncompleteChange(key: "C-1", revision: 3, omissions: [omission])])
        #expect(page.changes.count == 1 && page.unreadable.isEmpty)
    }

    @Test("what is wrong within a place that is left out is not told beside it")
    func within() throws {
        let text = Self.customer.replacing(#""name":"Dock","#, with: #""company":7,"name":" ","#)
        let omissions = try page(WireCustomer.self, text).incomplete.flatMap(\.omissions)
        #expect(omissions.map(\.part) == ["/shipTos/0"])
        #expect(omissions.map(\.reason) == ["shipTos/0/address/name is empty"])
    }

    @Test("of very many parts that are left out, a hundred are listed")
    func veryMany() throws {
        let many = String(repeating: "7,", count: 150) + "7"
        let text = Self.customer.replacing(#"[{"name":"Ada","email":"ada@example.com"}]"#, with: "[\(many)]")
        let change = try #require(try page(WireCustomer.self, text).incomplete.first)
        #expect(change.omissions.count == IncompleteChange.maximumOmissions && change.hasMore)
        #expect(change.omissions.last?.part == "/contacts/99")
    }

    @Test(
        "what keeps an account from something is never dropped to make the rest readable",
        arguments: [
            (#""creditLimit":"1000.00""#, #""creditLimit":"a lot""#, "creditLimit is not a decimal"),
            (#""creditLimit":"1000.00""#, #""creditLimit":"1.001""#, "creditLimit breaks the contract"),
            (#""hold":{"code":"credit.hold","text":"Overdue"}"#, #""hold":true"#, "hold has the wrong type"),
            (#""skus":["A"]"#, #""skus":[7]"#, "assortment/skus/0 has the wrong type"),
            (#""excludedSkus":["B"]"#, #""excludedSkus":[" "]"#, "assortment/excludedSkus/0 is empty"),
            (#""priceLists":["PL-01"]"#, #""priceLists":"PL-01""#, "priceLists has the wrong type"),
        ])
    func strictCustomer(old: String, new: String, reason: String) throws {
        let bad = try page(WireCustomer.self, Self.customer.replacing(old, with: new)).unreadable
        #expect(bad.count == 1 && bad.first?.key == "C-1")
        #expect(bad.first?.reason.hasPrefix(reason) == true, "\(bad)")
    }

    @Test("a part of a price list comes with its breaks and its days")
    func wholePrices() throws {
        guard case .prices(let prices) = try page(WirePrices.self, Self.prices).changes.first?.what else {
            Issue.record("no prices")
            return
        }
        #expect(prices.holder == .priceList("PL-01") && prices.part == "A/B" && prices.priceVersion == "2026-Q1")
        #expect(prices.prices.map(\.minimumQuantity) == [nil, ExactDecimal("10")])
        #expect(prices.validUntil == CalendarDate("2026-03-31") && prices.revision == 4)
    }

    @Test(
        "prices of which anything can not be read are unreadable as a whole, under their subject",
        arguments: [
            (#""validUntil":"2026-03-31""#, #""validUntil":"soon""#, "validUntil is no day"),
            (#""validUntil":"2026-03-31""#, #""validUntil":"2025-03-31""#, "validUntil breaks the contract"),
            (#""fromQuantity":"10""#, #""fromQuantity":"x""#, "prices/1/fromQuantity is not a decimal"),
            (#""fromQuantity":"10","#, "", "prices/1/sku breaks the contract"),
            (#""price":"3.50""#, #""price":"-3.50""#, "prices/1/price is below 0"),
            (#""priceList":"PL-01""#, #""priceList":"PL-01","account":"C-1""#, "priceList is there beside account"),
        ])
    func strictPrices(old: String, new: String, reason: String) throws {
        let page = try page(WirePrices.self, Self.prices.replacing(old, with: new))
        let bad = page.unreadable
        #expect(bad.count == 1 && page.incomplete.isEmpty)
        #expect(bad.first?.key == (new.contains("account") ? nil : "price-list/PL-01/2026-Q1/A~1B"))
        #expect(bad.first?.reason.hasPrefix(reason) == true, "\(bad)")
    }

    @Test("a shipment comes with carrier, service, numbers and lines; without a store number it is of an offline order")
    func wholeShipment() throws {
        guard case .shipment(let shipment) = try page(WireShipment.self, Self.shipment).changes.first?.what else {
            Issue.record("no shipment")
            return
        }
        #expect(shipment.order == .online("100") && shipment.carrier == "UPS" && shipment.service == "GROUND")
        #expect(shipment.trackingNumbers == ["1Z9", "1Z8"] && shipment.lines.map(\.lineID) == ["1"])
        let offline = Self.shipment.replacing(#""storeNumber":"100","#, with: "")
        guard case .shipment(let other) = try page(WireShipment.self, offline).changes.first?.what else {
            Issue.record("no shipment")
            return
        }
        #expect(other.order == .offline("SO1"))
    }

    @Test(
        "a shipment whose number leads elsewhere is unreadable, and named",
        arguments: [
            (#""1Z9""#, #""<b>1Z9</b>""#, "trackingNumbers/0 breaks the contract"),
            (#""state":"shipped""#, #""state":"lost""#, "state is \"lost\""),
            (#""quantity":"2""#, #""quantity":"0""#, "lines/0/quantity breaks the contract"),
        ])
    func strictShipment(old: String, new: String, reason: String) throws {
        let bad = try page(WireShipment.self, Self.shipment.replacing(old, with: new)).unreadable
        #expect(bad.count == 1 && bad.first?.key == "S-1")
        #expect(bad.first?.reason.hasPrefix(reason) == true, "\(bad)")
    }

    @Test(
        "an optional part of a shipment that can not be read is left out and explained",
        arguments: [
            (#""UPS""#, "7", "carrier", " has the wrong type"),
            (#""GROUND""#, "7", "service", " has the wrong type"),
            (#""shipDate":"2026-03-02""#, #""shipDate":"2026-03-32""#, "shipDate", " is no day"),
        ])
    func incompleteShipment(old: String, new: String, part: String, says: String) throws {
        let page = try page(WireShipment.self, Self.shipment.replacing(old, with: new))
        let omission = IncompleteChange.Omission(part: "/" + part, reason: part + says)
        #expect(page.incomplete == [IncompleteChange(key: "S-1", revision: 5, omissions: [omission])])
        #expect(page.changes.count == 1 && page.unreadable.isEmpty)
    }

    @Test("warehouses are read without what surrounds them, each once; one that is no key is a fault")
    func warehouses() throws {
        func codes(_ text: String) throws -> [String] {
            try JSONDecoder().decode(WireWarehouses.self, from: Data(text.utf8)).codes()
        }
        #expect(try codes(#"{"warehouses":["EAST"," WEST","EAST "]}"#) == ["EAST", "WEST"])
        #expect(throws: ERPError.self) { try codes(#"{"warehouses":["EAST",""]}"#) }
    }
}
