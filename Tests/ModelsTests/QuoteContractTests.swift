import Foundation
import Models
import Testing

@Suite("Questions for figures, and their answers")
struct QuoteContractTests {
    private static let question = Catalogue.examples(for: Catalogue.quoteRequested)[0].text
    private static let live = Catalogue.examples(for: Catalogue.quoteAnswered)[0].text
    private static let fallback = Catalogue.examples(for: Catalogue.quoteAnswered)[1].text

    private func payload<Value>(_ body: [UInt8], as _: Value.Type) throws -> Value {
        try #require(try MessageReader().read(body).payload as? Value)
    }

    @Test("a question is read as it was written")
    func question() throws {
        let question = try payload(Array(Self.question.utf8), as: QuoteRequest.self)
        #expect(question.id == "Q-5c1e77" && question.revision == 1 && question.customer == .account("C-2044"))
        #expect(question.questions == [.price, .availability, .shipping, .tax])
        #expect(question.shipTo?.city == "Tacoma" && question.shippingMethod == nil)
        #expect(question.lines.map(\.id) == ["1", "2"] && question.lines[1].unitPrice == nil)
        #expect(question.contractFaults.isEmpty)
    }

    @Test("an answer is read as it was written, each figure with its basis")
    func answer() throws {
        let live = try payload(Array(Self.live.utf8), as: QuoteAnswer.self)
        #expect(live.lines.allSatisfy { $0.price?.basis == .live } && live.tax?.basis == .live)
        #expect(live.shipping.map(\.method) == ["GROUND", "2DAY"] && live.refusals.isEmpty)
        let fallback = try payload(Array(Self.fallback.utf8), as: QuoteAnswer.self)
        #expect(fallback.lines[0].price?.basis.kind == .cached && fallback.lines[0].price?.basis.asOf != nil)
        #expect(fallback.tax?.basis == QuoteBasis(kind: .estimated))
        #expect(fallback.refusals.map(\.code) == ["price.unknown", "stock.unknown"])
    }

    @Test(
        "what a question must not be is named with its place",
        arguments: [
            ("/data/id", "\"\"", "/data/id length"), ("/data/id", "\"Q-1\"", "/subject matches"),
            ("/data/revision", "2", "/data/revision range"), ("/data/revision", "0", "/data/revision range"),
            ("/data/customer", "{}", "/data/customer/account one-of"),
            ("/data/currency", "\"DOLLAR\"", "/data/currency currency"),
            ("/data/questions", "[]", "/data/questions length"),
            ("/data/questions", "null", "/data/questions required"),
            ("/data/questions", "[\"price\",\"weather\"]", "/data/questions/1 enum"),
            ("/data/questions", "[\"tax\",\"price\",\"tax\"]", "/data/questions/2 unique"),
            ("/data/shipTo", "null", "/data/shipTo required"),
            ("/data/shipTo/country", "\"USA\"", "/data/shipTo/country country"),
            ("/data/shippingMethod", "\" GROUND\"", "/data/shippingMethod blank-edges"),
            ("/data/lines", "[]", "/data/lines length"), ("/data/lines/1/id", "\"1\"", "/data/lines/1/id unique"),
            ("/data/lines/0/sku", "\"\"", "/data/lines/0/sku length"),
            ("/data/lines/0/quantity", "\"0\"", "/data/lines/0/quantity range"),
            ("/data/lines/0/unit", "\"PIECE\"", "/data/lines/0/unit unit"),
            ("/data/lines/0/unitPrice", "\"-1\"", "/data/lines/0/unitPrice range"),
        ])
    func badQuestion(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.question))) == [fault])
    }

    @Test("prices and stock are asked without saying where the goods go; shipping and tax are not")
    func place() throws {
        let nowhere = String(decoding: try Fixture.edited("/data/shipTo", "null", in: Self.question), as: UTF8.self)
        let goods = try Fixture.edited("/data/questions", "[\"price\",\"availability\"]", in: nowhere)
        #expect(Fixture.refusal(goods) == nil)
        for question in ["shipping", "tax"] {
            let body = try Fixture.edited("/data/questions", "[\"\(question)\"]", in: nowhere)
            #expect(marks(Fixture.refusal(body)) == ["/data/shipTo required"])
        }
    }

    @Test("a question has five hundred lines, and not one more")
    func length() throws {
        for (count, isTaken) in [(500, true), (501, false)] {
            let lines = (1...count).map { #"{"id":"\#($0)","sku":"A","quantity":"1","unit":"C62"}"# }
            let body = try Fixture.edited(
                "/data/lines", "[" + lines.joined(separator: ",") + "]", in: Self.question)
            #expect(marks(Fixture.refusal(body)) == (isTaken ? [] : ["/data/lines length"]))
        }
    }

    @Test(
        "what an answer must not be is named with its place",
        arguments: [
            ("/data/answeredAt", "null", "/data/answeredAt required"),
            ("/data/lines/1/id", "\"1\"", "/data/lines/1/id unique"),
            ("/data/lines/0/price/amount", "\"45.875\"", "/data/lines/0/price/amount scale"),
            ("/data/lines/0/price/unitPrice", "\"-1\"", "/data/lines/0/price/unitPrice range"),
            ("/data/lines/0/price/basis", "null", "/data/lines/0/price/basis required"),
            ("/data/lines/0/price/basis/kind", "\"guessed\"", "/data/lines/0/price/basis/kind enum"),
            ("/data/lines/0/price/basis/kind", "\"cached\"", "/data/lines/0/price/basis/asOf required"),
            ("/data/lines/0/availability/0/quantity", "\"-1\"", "/data/lines/0/availability/0/quantity range"),
            ("/data/shipping/1/method", "\"GROUND\"", "/data/shipping/1/method unique"),
            ("/data/shipping/0/amount", "\"12.505\"", "/data/shipping/0/amount scale"),
            ("/data/tax/amount", "\"5.995\"", "/data/tax/amount scale"),
            ("/data/tax/basis", "{\"kind\":\"cached\"}", "/data/tax/basis/asOf required"),
            (
                "/data/refusals", "[{\"question\":\"price\",\"code\":\"\",\"text\":\"\"}]",
                "/data/refusals/0/code length"
            ),
            (
                "/data/refusals", "[{\"question\":\"hue\",\"code\":\"a\",\"text\":\"\"}]",
                "/data/refusals/0/question enum"
            ),
        ])
    func badAnswer(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.live))) == [fault])
    }

    @Test("a warehouse is named once for a line")
    func warehouses() throws {
        var answer = try payload(Array(Self.live.utf8), as: QuoteAnswer.self)
        answer.lines[0].availability += answer.lines[0].availability
        #expect(answer.contractFaults.map(\.pointer) == ["/data/lines/0/availability/1/warehouse"])
    }

    @Test("amounts have the decimals of their currency")
    func decimals() throws {
        let yen = try Fixture.edited("/data/currency", "\"JPY\"", in: Self.live)
        #expect(marks(Fixture.refusal(yen)).allSatisfy { $0.hasSuffix("amount scale") })
        #expect(marks(Fixture.refusal(yen)).count == 5)
    }

    @Test("a schema judges questions and answers as the code does, where a schema can")
    func schemas() throws {
        let edits: [(MessageType, String, String)] = [
            (Catalogue.quoteRequested, "/data/shipTo", "null"), (Catalogue.quoteRequested, "/data/revision", "2"),
            (Catalogue.quoteRequested, "/data/questions", "[]"),
            (Catalogue.quoteRequested, "/data/questions", "[\"tax\"]"),
            (Catalogue.quoteRequested, "/data/questions", "[\"weather\"]"),
            (Catalogue.quoteRequested, "/data/lines/0/unitPrice", "null"),
            (Catalogue.quoteRequested, "/data/lines", "[]"),
            (Catalogue.quoteAnswered, "/data/lines", "null"), (Catalogue.quoteAnswered, "/data/tax", "null"),
            (Catalogue.quoteAnswered, "/data/tax/basis/kind", "\"cached\""),
            (Catalogue.quoteAnswered, "/data/tax/basis/kind", "\"estimated\""),
            (Catalogue.quoteAnswered, "/data/tax/amount", "\"5.995\""),
            (Catalogue.quoteAnswered, "/data/shipping/0/amount", "\"5.995\""),
            (Catalogue.quoteAnswered, "/data/lines/0/price/amount", "\"45.875\""),
            (Catalogue.quoteAnswered, "/data/lines/0/price", "null"),
            (Catalogue.quoteAnswered, "/data/currency", "\"JPY\""),
        ]
        let cases = try edits.enumerated().compactMap { index, edit in
            let text = edit.0 == Catalogue.quoteRequested ? Self.question : Self.live
            return SchemaTests.judged(
                "\(index) \(edit.1) \(edit.2)", try Fixture.edited(edit.1, edit.2, in: text), as: edit.0)
        }
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
