import Models
import Testing

@Suite("Faults in messages")
struct FaultTests {
    @Test("all faults are listed, each with its pointer and rule")
    func allFaults() throws {
        let body = """
            {"specversion":"1.0","id":"","source":"has blank","type":"order.placed.v1","subject":"W-1","time":"2026-02-30T00:00:00Z",
             "revision":0,"data":{"number":"W-1","revision":"1","customer":{},"contact":{"name":"","email":"nobody"},
             "shipTo":{"name":"A","street":[],"city":"B","country":"XX"},"billTo":7,"shippingMethod":" GROUND","requestedDate":"2026-02-30",
             "payment":{"method":"prepaid"},"currency":"usd","lines":[
             {"id":"1","sku":"A\\tB","quantity":"0","unit":"PIECE","unitPrice":"1,5","amount":"1e3"},
             {"id":"2","sku":"A","quantity":1,"unit":"C62","unitPrice":"1.1234567","amount":"-0.00"}],
             "totals":{"goods":"12abc","discount":" 12","shipping":"0.00","tax":"0.00"}}}
            """
        let error = Fixture.refusal(Array(body.utf8))
        #expect(error?.reason == .envelope)
        #expect(
            marks(error)
                == [
                    "/data/billTo type", "/data/contact/email email", "/data/contact/name length",
                    "/data/currency currency", "/data/customer/account one-of", "/data/lines/0/amount decimal",
                    "/data/lines/0/quantity range", "/data/lines/0/sku characters", "/data/lines/0/unit unit",
                    "/data/lines/0/unitPrice decimal", "/data/lines/1/amount decimal", "/data/lines/1/quantity type",
                    "/data/lines/1/unitPrice scale", "/data/payment/reference required", "/data/requestedDate date",
                    "/data/revision type", "/data/shipTo/country country", "/data/shipTo/street length",
                    "/data/shippingMethod blank-edges", "/data/totals/discount decimal", "/data/totals/goods decimal",
                    "/data/totals/total required", "/id length", "/revision range", "/source uri", "/time time",
                ])
        #expect(error?.faults.first { $0.pointer == "/data/lines/0/unitPrice" }?.value == "1,5")
        #expect(error?.subject == "W-1")
        #expect(error?.type == "order.placed.v1")
    }

    @Test(
        "money that is not exact is a fault",
        arguments: ["1,5", "12abc", " 12", "-0.00", "1e3", "100000000000000000000", "-1.00", "", "01.00", "+1", "0x1"])
    func badMoney(text: String) throws {
        let error = Fixture.refusal(try Fixture.edited("/data/totals/shipping", "\"\(text)\""))
        #expect(error?.reason == .field)
        #expect(error?.faults.map(\.pointer) == ["/data/totals/shipping"])
        #expect(error?.faults.first?.value == text)
    }

    @Test("three decimals in USD and any in JPY are faults, even zeros")
    func decimalsOfCurrency() throws {
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/totals/shipping", "\"12.500\"")))
                == ["/data/totals/shipping scale"])
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/lines/0/amount", "\"45.880\"")))
                == ["/data/lines/0/amount scale"])
        let yen = marks(Fixture.refusal(try Fixture.replacing("\"USD\"", with: "\"JPY\"")))
        #expect(yen.filter { $0.hasSuffix("scale") }.count == 7)
        let dinar = marks(Fixture.refusal(try Fixture.replacing("\"USD\"", with: "\"BHD\"")))
        #expect(dinar == ["/data/lines/0/amount reconcile"], "45.88 is not 250 x 0.1835 to the third decimal")
    }

    @Test(
        "dates, units, currencies and quantities are checked",
        arguments: [
            ("/data/requestedDate", "\"2026-02-30\"", "date"), ("/data/requestedDate", "\"10000-01-01\"", "date"),
            ("/data/lines/0/unit", "\"PIECE\"", "unit"), ("/data/currency", "\"XBT\"", "currency"),
            ("/data/lines/0/quantity", "\"0\"", "range"), ("/data/lines/0/quantity", "\"0.000\"", "range"),
            ("/data/lines/0/quantity", "\"-1\"", "range"), ("/data/lines/0/quantity", "\"1e9\"", "decimal"),
            ("/data/lines/0/quantity", "\"1000000000.1\"", "range"), ("/data/lines/0/quantity", "250", "type"),
            ("/data/lines/0/quantity", "\"1.0000001\"", "scale"), ("/data/shipTo/country", "\"USA\"", "country"),
            ("/time", "\"2026-03-01T12:00:00\"", "time"), ("/time", "\"10000-01-01T00:00:00Z\"", "time"),
            ("/data/number", "17", "type"), ("/data/lines", "[]", "length"), ("/data/lines", "{}", "type"),
            ("/data/lines/1", "null", "type"), ("/data/lines/1/id", "\"1\"", "unique"),
            ("/data/payment/method", "\"card\"", "enum"),
            ("/data/purchaseOrderNumber", "null", "required"), ("/data/contact/email", "\"@\"", "length"),
            ("/data/contact/email", "\"ana@\"", "email"), ("/data/shippingMethod", "\"\"", "length"),
            ("/data/shippingMethod", "\"GROUND\\u00a0\"", "blank-edges"),
            ("/data/shippingMethod", "\"A\\u0085B\"", "characters"),
            ("/id", "7", "type"), ("/source", "\"\"", "length"), ("/time", "null", "required"), ("/data", "[]", "type"),
            ("/data", "null", "required"), ("/datacontenttype", "\"text/xml\"", "content-type"),
            ("/data_base64", "\"e30=\"", "unsupported"), ("/subject", "\"W-1002\"", "matches"),
            ("/revision", "2", "matches"),
            ("/data/totals/goods", "\"59.89\"", "reconcile"), ("/data/totals/total", "\"78.38\"", "reconcile"),
            ("/data/lines/0/amount", "\"45.90\"", "reconcile"),
        ])
    func fields(pointer: String, json: String, rule: String) throws {
        let error = Fixture.refusal(try Fixture.edited(pointer, json))
        #expect(marks(error).contains("\(pointer) \(rule)"), "\(marks(error))")
    }

    @Test("a status says what replaces a substituted line, and speaks of a line once")
    func statusRules() throws {
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/lines/1/substituteSku", nil, in: Fixture.status)))
                == ["/data/lines/1/substituteSku required"])
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/lines/1/lineId", "\"1\"", in: Fixture.status)))
                == ["/data/lines/1/lineId unique"])
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/lineStatuses/1/lineId", "\"9\"", in: Fixture.offline)))
                == ["/data/lineStatuses/1/lineId matches"])
    }

    @Test("the customer is an account or a registration, never both")
    func customer() throws {
        let both = #"{"account":"A","registration":"R"}"#
        #expect(marks(Fixture.refusal(try Fixture.edited("/data/customer", both))) == ["/data/customer/account one-of"])
        let bad = #"{"account":" A"}"#
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/customer", bad))) == ["/data/customer/account blank-edges"])
        let null = #"{"account":null,"registration":"R"}"#
        #expect(try Fixture.order(try Fixture.edited("/data/customer", null)).customer == .registration("R"))
    }

    @Test("no more than a hundred faults are listed, and their values are cut")
    func bounded() throws {
        let line = #"{"id":"","sku":"","quantity":"x","unit":"x","unitPrice":"x","amount":"x"}"#
        let lines = "[" + Array(repeating: line, count: 50).joined(separator: ",") + "]"
        #expect(Fixture.refusal(try Fixture.edited("/data/lines", lines))?.faults.count == 100)
        let many = "[" + Array(repeating: line, count: 9000).joined(separator: ",") + "]"
        #expect(Fixture.refusal(try Fixture.edited("/data/lines", many))?.faults.count == 100)
        let long = String(repeating: "é", count: 5000)
        let error = Fixture.refusal(try Fixture.edited("/data/number", "\"\(long)\""))
        #expect(error?.faults.first?.value.unicodeScalars.count == 200)
    }

    @Test("one minor unit is forgiven a line's amount, two are not")
    func rounding() throws {
        // 250 x 0.1835 = 45.875
        for amount in ["45.87", "45.88"] {
            let goods = amount == "45.87" ? "59.87" : "59.88"
            let body = try Fixture.edited("/data/lines/0/amount", "\"\(amount)\"")
            let total = amount == "45.87" ? "78.36" : "78.37"
            let text = try Fixture.edited(
                "/data/totals/goods", "\"\(goods)\"", in: String(decoding: body, as: UTF8.self))
            let whole = try Fixture.edited(
                "/data/totals/total", "\"\(total)\"", in: String(decoding: text, as: UTF8.self))
            #expect(Fixture.refusal(whole) == nil)
        }
        let error = Fixture.refusal(try Fixture.edited("/data/lines/0/amount", "\"45.90\""))
        #expect(marks(error) == ["/data/lines/0/amount reconcile"])
    }

    @Test("the error names code, remedy and the first fault")
    func sentences() throws {
        let error = try #require(Fixture.refusal(try Fixture.edited("/data/lines/0/quantity", "\"0\"")))
        #expect(error.code == "malformed.field")
        #expect(
            error.sentence
                == "One fault against the contract of order.placed.v1: /data/lines/0/quantity: quantity must be above 0."
        )
        #expect(ContractError.Reason.allCases.allSatisfy { !ContractError(reason: $0, sentence: "").remedy.isEmpty })
    }
}
