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
        #expect(page.remaining == 12 && page.hasMore && page.unreadable.isEmpty)
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
        "an optional part of a product that can not be read is left out, and the rest stays",
        arguments: [
            ("4006381333931", "4006381333932"), (#""zinc""#, "7"), (#""unit":"MMT""#, #""unit":"ELL""#),
            (#""0.02""#, #""-1""#), (#""4.00","currency":"USD""#, #""4.00","currency":"XXX""#),
            (#"["fasteners"]"#, #"["fasteners",7,""]"#), ("2026-04-01", "2026-02-30"),
            (#""leadTimeDays":3"#, #""leadTimeDays":-3"#),
        ])
    func forgiving(old: String, new: String) throws {
        let text = Self.product.replacing(old, with: new)
        #expect(text != Self.product)
        let changed = try #require(try product(text))
        #expect(changed.name == "Hex bolt" && changed.contractFaults.isEmpty)
        #expect(changed != (try product(Self.product)) || new.contains("fasteners"))
    }

    @Test("a product without a required part costs only itself, and is named")
    func unreadableProduct() throws {
        let bad = Self.product.replacing(#""unit":"C62""#, with: #""unit":"ELL""#).replacing("AB-1", with: "AB-9")
        let page = try page(WireProduct.self, [bad, Self.product, #"{"sku":"X","version":1}"#, "null"])
        #expect(page.changes.count == 1)
        #expect(
            page.unreadable == [
                UnreadableChange(key: "AB-9", reason: "unit is no unit of UN/ECE 20"),
                UnreadableChange(key: "X", reason: "changes/2/name is missing"),
                UnreadableChange(key: nil, reason: "changes/3 is null"),
            ])
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

    @Test("goods on their way that can not be read are promised to nobody, and the stock stays")
    func brokenIncoming() throws {
        let text = Self.stock.replacing(
            #"{"quantity":"10""#, with: #"{"quantity":"0","date":"2026-04-01"},{"quantity":"x""#)
        guard case .stock(let stock) = try page(WireStock.self, [text]).changes.first?.what else {
            Issue.record("no stock")
            return
        }
        #expect(stock.incoming.isEmpty)
    }

    @Test(
        "a quantity that is none makes the stock unreadable, under its product and warehouse",
        arguments: [
            (#""onHand":"-2""#, #""onHand":"many""#, "onHand is not a decimal"),
            (#""reserved":"1.5""#, #""reserved":"-1""#, "reserved is below 0"),
            (#""onHand":"-2""#, #""onHand":"1000000001""#, "onHand breaks the contract"),
        ])
    func unreadableStock(old: String, new: String, reason: String) throws {
        let bad = try page(WireStock.self, [Self.stock.replacing(old, with: new)]).unreadable
        #expect(bad.count == 1 && bad.first?.key == "AB-1/EAST")
        #expect(bad.first?.reason.hasPrefix(reason) == true, "\(bad)")
    }
}
