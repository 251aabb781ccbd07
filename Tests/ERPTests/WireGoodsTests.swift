import FoundationEssentials
import Models
import Testing

@testable import ERP

/// Products and stock as an ERP may state them.
@Suite struct WireGoodsTests {
    private static let product = """
        {"sku":" AB-1 ","version":7,"changedAt":"2026-03-02T10:00:00Z","name":"Hex bolt","description":"Long",
        "texts":[{"language":"de","name":"Schraube"}],
        "attributes":[{"name":"colour","value":"zinc"},{"name":"length","value":"40","unit":"MMT"}],
        "groups":["fasteners"],"unit":"C62","minimumQuantity":"10","quantityStep":"5",
        "weight":{"quantity":"0.02","unit":"KGM"},"gtin":"4006381333931",
        "listPrice":{"amount":"4.00","currency":"USD"},"taxClass":"STANDARD","leadTimeDays":3,
        "nextReceipt":"2026-04-01","replacementSku":"AB-2","active":true}
        """
    private static let stock = """
        {"sku":"AB-1","warehouse":"EAST","version":9,"unit":"C62","onHand":"-2","reserved":"1.5",
        "incoming":[{"quantity":"10","date":"2026-04-01"}],"leadTimeDays":4}
        """

    private func page<Object: WireObject>(_ type: Object.Type, _ texts: [String]) throws -> ERPChanges {
        let text = #"{"changes":[\#(texts.joined(separator: ","))],"cursor":"9","hasMore":true,"remaining":12}"#
        return try JSONDecoder().decode(WireChanges<Object>.self, from: Data(text.utf8)).value()
    }

    private func product(_ text: String) throws -> Product? {
        guard case .product(let product) = try page(WireProduct.self, [text]).changes.first?.what else { return nil }
        return product
    }

    @Test("a product comes with everything the ERP states, and with the ERP's time")
    func wholeProduct() throws {
        let page = try page(WireProduct.self, [Self.product])
        #expect(page.remaining == 12 && page.hasMore && page.unreadable.isEmpty && page.incomplete.isEmpty)
        #expect(page.changes.first?.at == Timestamp(rfc3339: "2026-03-02T10:00:00Z"))
        let product = try #require(try product(Self.product))
        #expect(product.sku == "AB-1" && product.revision == 7 && product.isActive)
        #expect(product.attributes.map(\.unit?.code) == [nil, "MMT"])
        #expect(product.weight?.unit.code == "KGM" && product.gtin?.digits == "4006381333931")
        #expect(product.listPrice?.amount == ExactDecimal("4.00") && product.leadTimeDays == 3)
        #expect(product.texts.map(\.language) == ["de"] && product.groups == ["fasteners"])
        #expect(product.replacementSKU == "AB-2" && product.nextReceiptDate == CalendarDate("2026-04-01"))
    }

    @Test(
        "an optional part of a product that can not be read is left out and explained, and the rest stays",
        arguments: [
            (
                "4006381333931", "4006381333932", "gtin",
                " is no GTIN of 8, 12, 13 or 14 digits whose check digit is right"
            ),
            (#""zinc""#, "7", "attributes/0", "/value has the wrong type"),
            (#""zinc""#, #"" ""#, "attributes/0", "/value is empty"),
            (#""unit":"MMT""#, #""unit":"ELL""#, "attributes/1", "/unit is no unit of UN/ECE 20"),
            (#""40""#, #""long""#, "attributes/1", "/value is not a decimal, and has a unit"),
            (#""de","name":"Schraube""#, #""de","name":"""#, "texts/0", "/name is empty"),
            (#""description":"Long""#, #""description":7"#, "description", " has the wrong type"),
            (#""0.02""#, #""-1""#, "weight", "/quantity is below 0"),
            ("KGM", "ELL", "weight", "/unit is no unit of UN/ECE 20"),
            ("4.00", "4,00", "listPrice", "/amount is not a decimal"),
            (#""4.00","currency":"USD""#, #""4.00","currency":"XXX""#, "listPrice", "/currency is no currency"),
            (#"["fasteners"]"#, #"["fasteners",7]"#, "groups/1", " has the wrong type"),
            (#"["fasteners"]"#, #"["fasteners",""]"#, "groups/1", " is empty"),
            (#"["fasteners"]"#, #""fasteners""#, "groups", " has the wrong type"),
            (#""minimumQuantity":"10""#, #""minimumQuantity":"-1""#, "minimumQuantity", " is below 0"),
            (#""quantityStep":"5""#, #""quantityStep":5"#, "quantityStep", " has the wrong type"),
            ("2026-04-01", "2026-02-30", "nextReceipt", " is no day"),
            (#""leadTimeDays":3"#, #""leadTimeDays":-3"#, "leadTimeDays", " is below 0"),
            (#""AB-2""#, #""A\u0007B""#, "replacementSku", " contains control characters"),
            ("2026-03-02T10:00:00Z", "yesterday", "changedAt", " is no time"),
        ])
    func forgiving(old: String, new: String, part: String, says: String) throws {
        let text = Self.product.replacing(old, with: new)
        #expect(text != Self.product)
        let page = try page(WireProduct.self, [text])
        let omission = IncompleteChange.Omission(part: "/" + part, reason: part + says)
        #expect(page.incomplete == [IncompleteChange(key: "AB-1", revision: 7, omissions: [omission])])
        let changed = try #require(try product(text))
        #expect(changed.name == "Hex bolt" && changed.contractFaults.isEmpty && page.unreadable.isEmpty)
    }

    @Test(
        "what is absent, null, blank, or a zero that counts nothing was not there to be left out",
        arguments: [
            (#""gtin":"4006381333931","#, ""), (#""4006381333931""#, "null"), ("4006381333931", ""),
            (#"["fasteners"]"#, #"["fasteners",null]"#), ("STANDARD", "        "), (#"Days":3"#, #"Days":null"#),
            (#"{"amount":"4.00","currency":"USD"}"#, "null"), ("MMT", "   "),
            (#""minimumQuantity":"10""#, #""minimumQuantity":"0""#),
            (#""quantityStep":"5""#, #""quantityStep":"0.00""#),
            (#""0.02""#, #""0""#),
        ])
    func nothing(old: String, new: String) throws {
        let text = Self.product.replacing(old, with: new)
        #expect(text != Self.product)
        let page = try page(WireProduct.self, [text])
        #expect(page.changes.count == 1 && page.incomplete.isEmpty)
    }

    @Test("a product without a required part costs only itself, and is named")
    func unreadableProduct() throws {
        let bad = Self.product.replacing(#""unit":"C62""#, with: #""unit":"ELL""#).replacing("AB-1", with: "AB-9")
        let page = try page(WireProduct.self, [bad, Self.product, #"{"sku":"X","version":1}"#, "null"])
        #expect(page.changes.count == 1)
        #expect(
            page.unreadable == [
                UnreadableChange(key: "AB-9", reason: "unit is no unit of UN/ECE 20"),
                UnreadableChange(key: "X", reason: "name is missing"),
                UnreadableChange(key: nil, reason: "it is null"),
            ])
    }

    @Test("a product whose message would be longer than workers read is unreadable, and says so")
    func long() throws {
        let description = String(repeating: "é", count: 20_000)
        let texts = (1...30).map { #"{"language":"l\#($0)","name":"N","description":"\#(description)"}"# }
        func row(_ count: Int) -> String {
            Self.product.replacing(
                #"{"language":"de","name":"Schraube"}"#, with: texts.prefix(count).joined(separator: ","))
        }
        #expect(try page(WireProduct.self, [row(26)]).changes.count == 1)
        let told = try page(WireProduct.self, [row(30), Self.product])
        #expect(told.changes.count == 1 && told.unreadable.map(\.key) == ["AB-1"])
        let reason = try #require(told.unreadable.first?.reason)
        #expect(reason.hasPrefix("it makes a message of about 12") && reason.hasSuffix("at most 1048576 are read"))
    }

    @Test("stock below zero is told as it is, with what is on its way")
    func wholeStock() throws {
        guard case .stock(let stock) = try page(WireStock.self, [Self.stock]).changes.first?.what else {
            Issue.record("no stock")
            return
        }
        #expect(stock.onHand == ExactDecimal("-2") && stock.reserved == ExactDecimal("1.5"))
        #expect(stock.incoming.map(\.date.description) == ["2026-04-01"] && stock.leadTimeDays == 4)
        #expect(stock.available == .zero)
    }

    @Test("goods on their way that can not be read are promised to nobody and explained, and the stock stays")
    func brokenIncoming() throws {
        let text = Self.stock.replacing(
            #"{"quantity":"10""#, with: #"{"quantity":"0","date":"2026-04-01"},{"quantity":"x""#)
        let page = try page(WireStock.self, [text])
        guard case .stock(let stock) = page.changes.first?.what else {
            Issue.record("no stock")
            return
        }
        #expect(stock.incoming.isEmpty)
        let omissions = [
            IncompleteChange.Omission(part: "/incoming/0", reason: "incoming/0/quantity is 0"),
            IncompleteChange.Omission(part: "/incoming/1", reason: "incoming/1/quantity is not a decimal"),
        ]
        #expect(page.incomplete == [IncompleteChange(key: "AB-1/EAST", revision: 9, omissions: omissions)])
    }

    @Test(
        "a quantity that is none makes the stock unreadable, under its product and warehouse",
        arguments: [
            (#""onHand":"-2""#, #""onHand":"many""#, "onHand is not a decimal"),
            (#""reserved":"1.5""#, #""reserved":"-1""#, "reserved is below 0"),
            (#""onHand":"-2""#, #""onHand":"0.1234567""#, "onHand has more than 6 decimals"),
            (#""onHand":"-2""#, #""onHand":"1000000001""#, "onHand breaks the contract"),
        ])
    func unreadableStock(old: String, new: String, reason: String) throws {
        let bad = try page(WireStock.self, [Self.stock.replacing(old, with: new)]).unreadable
        #expect(bad.count == 1 && bad.first?.key == "AB-1/EAST")
        #expect(bad.first?.reason.hasPrefix(reason) == true, "\(bad)")
    }
}
