import Foundation
import Models
import Testing

@Suite("Products and stock")
struct GoodsContractTests {
    private static let product = Catalogue.examples(for: Catalogue.product)[0].text
    private static let stock = Catalogue.examples(for: Catalogue.stock)[0].text

    private func payload<Value>(_ body: [UInt8], as _: Value.Type) throws -> Value {
        try #require(try MessageReader().read(body).payload as? Value)
    }

    @Test("a product is read as it was written, attributes with their units and all")
    func product() throws {
        let product = try payload(Array(Self.product.utf8), as: Product.self)
        #expect(product.sku == "BOLT-M8-40" && product.revision == 17 && product.isActive)
        #expect(product.attributes.map(\.name) == ["colour", "length", "thread"])
        #expect(product.attributes[1].value == "40" && product.attributes[1].unit == UnitCode("MMT"))
        #expect(product.gtin?.digits == "4006381333931" && product.listPrice?.amount == ExactDecimal("0.2150"))
        #expect(product.contractFaults.isEmpty)
    }

    @Test(
        "what a product must not be is named with its place",
        arguments: [
            ("/data/sku", "\" BOLT\"", "/data/sku blank-edges"), ("/data/name", "\"\"", "/data/name length"),
            ("/data/gtin", "\"4006381333932\"", "/data/gtin gtin"),
            ("/data/gtin", "\"400638133393\"", "/data/gtin gtin"),
            ("/data/gtin", "4006381333931", "/data/gtin type"), ("/data/unit", "\"piece\"", "/data/unit unit"),
            ("/data/attributes/1/value", "\"4 cm\"", "/data/attributes/1/value decimal"),
            ("/data/attributes/1/value", "\"1,5\"", "/data/attributes/1/value decimal"),
            ("/data/attributes/2/name", "\"colour\"", "/data/attributes/2/name unique"),
            ("/data/texts/0/language", "null", "/data/texts/0/language required"),
            ("/data/listPrice/amount", "\"-1\"", "/data/listPrice/amount range"),
            ("/data/listPrice/currency", "\"EURO\"", "/data/listPrice/currency currency"),
            ("/data/weight/quantity", "\"0\"", "/data/weight/quantity range"),
            ("/data/leadTimeDays", "-1", "/data/leadTimeDays range"),
            ("/data/leadTimeDays", "36501", "/data/leadTimeDays range"),
            ("/data/leadTimeDays", "1.5", "/data/leadTimeDays type"),
            ("/data/nextReceiptDate", "\"2026-02-30\"", "/data/nextReceiptDate date"),
            ("/data/active", "\"yes\"", "/data/active type"), ("/data/active", "null", "/data/active required"),
            ("/subject", "\"bolt-m8-40\"", "/subject matches"),
        ])
    func badProduct(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.product))) == [fault])
    }

    @Test(
        "what stock must not be is named with its place",
        arguments: [
            ("/data/onHand", "\"1000000000.5\"", "/data/onHand range"),
            ("/data/onHand", "\"-1000000000.5\"", "/data/onHand range"),
            ("/data/onHand", "\"-0\"", "/data/onHand decimal"),
            ("/data/onHand", "\"1.0000001\"", "/data/onHand scale"), ("/data/onHand", "12", "/data/onHand type"),
            ("/data/reserved", "\"-1\"", "/data/reserved range"),
            ("/data/incoming/0/quantity", "\"0\"", "/data/incoming/0/quantity range"),
            ("/data/incoming/0/date", "\"2026-13-01\"", "/data/incoming/0/date date"),
            ("/data/warehouse", "\"SEA\"", "/subject matches"), ("/subject", "\"BOLT-M8-40\"", "/subject matches"),
            ("/data/warehouse", "\"\"", "/data/warehouse length"),
        ])
    func badStock(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.stock))) == [fault])
    }

    @Test("stock below zero is read, and nothing of it can be promised")
    func negativeStock() throws {
        let stock = try payload(Fixture.edited("/data/onHand", "\"-12.5\"", in: Self.stock), as: Stock.self)
        #expect(stock.onHand == ExactDecimal("-12.5") && stock.available == .zero)
    }

    @Test("no two products in two warehouses share a subject, whatever their keys contain")
    func subjects() {
        #expect(SubjectKey.joined("A/B", "C") == "A~1B/C" && SubjectKey.joined("A", "B/C") == "A/B~1C")
        #expect(SubjectKey.joined("A~1B", "C") == "A~01B/C")
    }

    @Test("a subject of two keys says in its fault what it is made of")
    func subjectFault() throws {
        let error = Fixture.refusal(try Fixture.edited("/subject", "\"BOLT-M8-40\"", in: Self.stock))
        #expect(
            error?.faults.first?.sentence == "subject must equal data.sku/data.warehouse, BOLT-M8-40/TAC", "\(error)")
    }

    @Test("a schema judges products and stock as the code does, where a schema can")
    func schemas() throws {
        let edits: [(MessageType, String, String)] = [
            (Catalogue.product, "/data/attributes/1/value", "\"0.5\""),
            (Catalogue.product, "/data/attributes/1/value", "\"-0\""),
            (Catalogue.product, "/data/attributes/1/value", "\"1234567890.123456789\""),
            (Catalogue.product, "/data/attributes/1/value", "\"123456789.123456789\""),
            (Catalogue.product, "/data/attributes/1/value", "\"-123456789012345678\""),
            (Catalogue.product, "/data/attributes/1/value", "\"1234567890123456789\""),
            (Catalogue.product, "/data/attributes/1/value", "\"01\""),
            (Catalogue.product, "/data/attributes/1/unit", "null"), (Catalogue.product, "/data/active", "1"),
            (Catalogue.product, "/data/leadTimeDays", "36500"), (Catalogue.product, "/data/leadTimeDays", "36501"),
            (Catalogue.product, "/data/groups", "null"), (Catalogue.stock, "/data/onHand", "\"-0.00\""),
            (Catalogue.stock, "/data/onHand", "\"-1000000000\""),
            (Catalogue.stock, "/data/onHand", "\"-1000000000.1\""),
            (Catalogue.stock, "/data/onHand", "\"-0.000001\""), (Catalogue.stock, "/data/incoming", "[]"),
        ]
        let cases = try edits.enumerated().compactMap { index, edit in
            let text = edit.0 == Catalogue.product ? Self.product : Self.stock
            return SchemaTests.judged(
                "\(index) \(edit.1) \(edit.2)", try Fixture.edited(edit.1, edit.2, in: text), as: edit.0)
        }
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
