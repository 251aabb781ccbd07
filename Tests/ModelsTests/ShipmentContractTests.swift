import Models
import Testing

@Suite("Shipments")
struct ShipmentContractTests {
    private static let shipment = Catalogue.examples(for: Catalogue.shipment)[0].text

    @Test("a shipment is read as it was written, several parcels and all")
    func shipment() throws {
        let shipment = try #require(try MessageReader().read(Array(Self.shipment.utf8)).payload as? Shipment)
        #expect(shipment.id == "SH-9120" && shipment.order == .online("W-1001") && shipment.state == .shipped)
        #expect(shipment.trackingNumbers == ["1Z999AA10123456784", "1Z999AA10123456793"])
        #expect(shipment.lines.map(\.quantity.description) == ["100"])
        #expect(shipment.contractFaults.isEmpty)
    }

    @Test("the order may be one that the ERP keyed")
    func offline() throws {
        let body = try Fixture.edited("/data/order", "{\"erpNumber\":\"SO-1\"}", in: Self.shipment)
        #expect((try MessageReader().read(body).payload as? Shipment)?.order == .offline("SO-1"))
    }

    @Test(
        "what a shipment must not be is named with its place",
        arguments: [
            ("/data/id", "\"\"", "/data/id length"), ("/subject", "\"SH-1\"", "/subject matches"),
            ("/data/order", "{}", "/data/order/number one-of"), ("/data/order", "null", "/data/order required"),
            ("/data/order", "{\"number\":\"1\",\"erpNumber\":\"2\"}", "/data/order/number one-of"),
            ("/data/state", "\"lost\"", "/data/state enum"), ("/data/warehouse", "null", "/data/warehouse required"),
            ("/data/carrier", "\"UPS \"", "/data/carrier blank-edges"),
            ("/data/trackingNumbers/0", "\"<b>1Z</b>\"", "/data/trackingNumbers/0 tracking-number"),
            ("/data/trackingNumbers/1", "\"1Z&x=1\"", "/data/trackingNumbers/1 tracking-number"),
            ("/data/trackingNumbers/1", "\"../1Z\"", "/data/trackingNumbers/1 tracking-number"),
            ("/data/trackingNumbers/1", "\"1Z\\n\"", "/data/trackingNumbers/1 tracking-number"),
            ("/data/trackingNumbers/1", "\"１２\"", "/data/trackingNumbers/1 tracking-number"),
            ("/data/trackingNumbers/1", "\"\"", "/data/trackingNumbers/1 length"),
            ("/data/shipDate", "\"2026-02-30\"", "/data/shipDate date"),
            ("/data/lines/0/quantity", "\"0\"", "/data/lines/0/quantity range"),
            ("/data/lines/0/quantity", "\"-1\"", "/data/lines/0/quantity range"),
        ])
    func bad(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.shipment))) == [fault])
    }

    @Test("a schema judges shipments as the code does")
    func schemas() throws {
        let edits = [
            ("/data/trackingNumbers/0", "\"JJD 0030.11-22/A_1\""), ("/data/trackingNumbers/0", "\"-1\""),
            ("/data/trackingNumbers/0", "\"1\""), ("/data/trackingNumbers/0", "\"1<\""),
            ("/data/trackingNumbers", "null"), ("/data/lines", "[]"), ("/data/service", "\"\""),
            ("/data/order", "{\"erpNumber\":\"SO-1\",\"number\":null}"), ("/data/order", "{\"erpNumber\":null}"),
            ("/data/order", "{\"erpNumber\":\"SO-1\",\"number\":\"W-1\"}"),
        ]
        let cases = try edits.compactMap { pointer, json in
            SchemaTests.judged(
                "\(pointer) \(json)", try Fixture.edited(pointer, json, in: Self.shipment), as: Catalogue.shipment)
        }
        #expect(cases.count == edits.count)
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
