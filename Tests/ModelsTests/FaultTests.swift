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

    @Test("dates, units, currencies and quantities are checked", arguments: InvalidFields.all)
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
        let error = Fixture.refusal(try Fixture.edited("/data/lines", many))
        #expect(error?.faults.count == 100)
        #expect(error?.sentence.hasPrefix("More than 100 faults against the contract of order.placed.v1: ") == true)
        let long = String(repeating: "é", count: 5000)
        let longest = Fixture.refusal(try Fixture.edited("/data/number", "\"\(long)\""))
        #expect(longest?.faults.first?.value.unicodeScalars.count == 200)
    }

    @Test("a megabyte of members before ten thousand bad lines does not multiply their cost")
    func amplification() throws {
        let members = (0..<90_000).map { "\"m\($0)\":0" }.joined(separator: ",")
        let good = #"{"id":"1","sku":"A","quantity":"1","unit":"C62","unitPrice":"1","amount":"1.00"}"#
        let bad = #"{"id":"","quantity":"x"}"#
        let clock = ContinuousClock()
        let reader = MessageReader(limits: MessageReader.Limits(bytes: 1 << 22))
        for line in [good, bad] {
            let lines = (0..<10_000).map { line.replacing("\"1\",\"sku\"", with: "\"\($0)\",\"sku\"") }.joined(
                separator: ",")
            let start = clock.now
            let body = "{\(members),\"type\":\"order.placed.v1\",\"data\":{\"currency\":\"USD\",\"lines\":[\(lines)]}}"
            let error = #expect(throws: ContractError.self) { try reader.read(Array(body.utf8)) }
            #expect(error?.faults.count == 100 || line == good)
            // Walking to each line from the root takes minutes.
            #expect(clock.now - start < .seconds(20))
        }
    }

    @Test("pointers are escaped by scalars, so that an accent hides no slash")
    func pointersOfCombinedCharacters() throws {
        let body = try Fixture.replacing(
            "\"goods\"", with: "\"x/\u{301}y~\u{301}\":1,\"x/\u{301}y~\u{301}\":2,\"goods\"")
        let pointer = try #require(Fixture.refusal(body)?.faults.first?.pointer)
        #expect(Array(pointer.utf8) == Array("/data/totals/x~1\u{301}y~0\u{301}".utf8))
    }

    @Test(
        "card numbers are refused as payment references, and told nobody",
        arguments: [
            "4111111111111111", "4111 1111 1111 1111", "3782-822463-10005", "6011000990139424", "4222222222222",
        ])
    func cardNumbers(number: String) throws {
        let prepaid = Catalogue.examples(for: Catalogue.orderPlaced)[1].text
        let error = try #require(
            Fixture.refusal(try Fixture.edited("/data/payment/reference", "\"\(number)\"", in: prepaid)))
        #expect(marks(error) == ["/data/payment/reference card-number"])
        #expect(!"\(error)".contains(number))
    }

    @Test(
        "references that only look like card numbers are accepted",
        arguments: ["4111111111111112", "pi_4111111111111111", "411111111111", "41111111111111111111"])
    func references(reference: String) throws {
        let prepaid = Catalogue.examples(for: Catalogue.orderPlaced)[1].text
        #expect(Fixture.refusal(try Fixture.edited("/data/payment/reference", "\"\(reference)\"", in: prepaid)) == nil)
    }

    @Test("a cached answer says of when it is, and each question is named once")
    func fallbacks() throws {
        let tax = #"{"question":"tax","basis":"estimated"}"#
        let cached = #"{"question":"price","basis":"cached"}"#
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/fallbacks", "[\(cached)]")))
                == ["/data/fallbacks/0/asOf required"])
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/fallbacks", "[\(tax),\(tax)]")))
                == ["/data/fallbacks/1/question unique"])
    }

    @Test("a rejected order says why")
    func rejected() throws {
        let body = try Fixture.edited("/data/reason", "null", in: Fixture.status)
        #expect(Fixture.refusal(body) == nil)
        let rejected = try Fixture.edited("/data/state", "\"rejected\"", in: String(decoding: body, as: UTF8.self))
        #expect(marks(Fixture.refusal(rejected)) == ["/data/reason required"])
    }

    @Test(
        "an offline order has exactly one status for each line, of its SKU",
        arguments: [
            (
                "/data/lineStatuses/1/lineId", "\"9\"",
                ["/data/lineStatuses/1/lineId matches", "/data/lines/1/id matches"]
            ),
            ("/data/lineStatuses/1/sku", "\"OTHER\"", ["/data/lineStatuses/1/sku matches"]),
            ("/data/lineStatuses", "[]", ["/data/lineStatuses length"]),
            ("/data/customer", #"{"registration":"R-1"}"#, ["/data/customer account"]),
        ])
    func offlineStatuses(pointer: String, json: String, expected: [String]) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Fixture.offline))) == expected)
    }

    @Test("ids of offline orders are compared by bytes, and a substituted line may have another SKU")
    func offlineIDs() throws {
        let composed = try Fixture.edited("/data/lines/1/id", "\"\u{E9}\"", in: Fixture.offline)
        let decomposed = try Fixture.edited(
            "/data/lineStatuses/1/lineId", "\"e\u{301}\"", in: String(decoding: composed, as: UTF8.self))
        #expect(
            marks(Fixture.refusal(decomposed)) == ["/data/lineStatuses/1/lineId matches", "/data/lines/1/id matches"])
        var order = try #require(try MessageReader().read(Array(Fixture.offline.utf8)).payload as? OfflineOrder)
        order.lineStatuses[1].status = .substituted
        order.lineStatuses[1].sku = "OTHER"
        order.lineStatuses[1].substituteSKU = "OTHER"
        #expect(order.contractFaults.isEmpty)
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
