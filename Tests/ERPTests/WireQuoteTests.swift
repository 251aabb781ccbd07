import FoundationEssentials
import Models
import Testing

@testable import ERP

/// What an ERP's figures are worth, and what becomes of those that can not be read.
@Suite struct WireQuoteTests {
    private static let moment = Timestamp(microseconds: 1_772_366_400_000_000) ?? .epoch

    private static func request(
        _ questions: [QuoteFallback.Question] = QuoteFallback.Question.allCases
    ) -> QuoteRequest {
        QuoteRequest(
            id: "Q-1", customer: .account("C-1"), currency: .usd, questions: questions,
            shipTo: CountryCode("US").map {
                Address(
                    name: "Dock 4", street: ["1 Pier"], city: "Tacoma", region: "WA", postalCode: "98421", country: $0)
            },
            lines: [
                QuoteLine(
                    id: "a", sku: "FST-1", quantity: decimal("250"), unit: .one, unitPrice: decimal("0.20")),
                QuoteLine(id: "b", sku: "FST-2", quantity: decimal("2"), unit: .one),
            ])
    }

    private static func decimal(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }

    private static func line(_ id: String, _ price: String, _ stock: String = #"{"warehouse":"EAST","quantity":"7"}"#)
        -> String
    {
        #"{"id":"\#(id)","price":\#(price),"availability":[\#(stock)]}"#
    }

    private static let good = line("a", #"{"unitPrice":"0.1835","amount":"45.880","priceVersion":" 2026-Q1 "}"#)
    private static let other = line("b", #"{"unitPrice":"4","amount":"8.00"}"#)

    private static func body(_ lines: [String] = [good, other], _ members: String = whole) -> String {
        #"{"id":"Q-1 ","currency":"USD","lines":[\#(lines.joined(separator: ","))]\#(members)}"#
    }

    private static let whole =
        #","shipping":[{"method":"GROUND","amount":"12.50"}],"tax":{"amount":"4.59"},"refusals":[]"#

    private func read(_ text: String, _ request: QuoteRequest = Self.request()) throws -> QuoteAnswer {
        let wire = try JSONDecoder().decode(WireQuote.self, from: Data(text.utf8))
        return try QuoteReading.answer(wire, to: request, at: Self.moment)
    }

    private func refusals(_ answer: QuoteAnswer) -> [String] {
        answer.refusals.map { "\($0.question.rawValue) \($0.line ?? "-") \($0.code)" }
    }

    @Test("a question is sent under the contract's names, without what it does not have")
    func question() {
        var request = Self.request([.price, .tax])
        request.shippingMethod = "GROUND"
        let text = String(decoding: WireQuestion.body(request), as: UTF8.self)
        #expect(
            text == """
                {"id":"Q-1","customer":{"account":"C-1"},"currency":"USD","questions":["price","tax"],\
                "shipTo":{"name":"Dock 4","street":["1 Pier"],"city":"Tacoma","region":"WA","postalCode":"98421",\
                "country":"US"},"shippingMethod":"GROUND","lines":[{"id":"a","sku":"FST-1","quantity":"250",\
                "unit":"C62","unitPrice":"0.20"},{"id":"b","sku":"FST-2","quantity":"2","unit":"C62"}]}
                """)
    }

    @Test("figures are live, keys lose their blanks, and zeros behind the currency's decimals go")
    func figures() throws {
        let answer = try read(Self.body())
        #expect(answer.id == "Q-1" && answer.answeredAt == Self.moment && answer.refusals.isEmpty)
        let price = QuotedPrice(
            unitPrice: Self.decimal("0.1835"), amount: Self.decimal("45.88"), priceVersion: "2026-Q1", basis: .live)
        #expect(answer.lines.map(\.sku) == ["FST-1", "FST-2"] && answer.lines[0].price == price)
        #expect(answer.lines[0].availability.map(\.quantity) == [Self.decimal("7")])
        #expect(answer.shipping.map(\.title) == ["GROUND"] && answer.tax?.amount == Self.decimal("4.59"))
        #expect(answer.contractFaults.isEmpty)
    }

    @Test("what was not asked is not told")
    func unasked() throws {
        let answer = try read(Self.body(), Self.request([.availability]))
        #expect(answer.lines.allSatisfy { $0.price == nil && !$0.availability.isEmpty })
        #expect(answer.shipping.isEmpty && answer.tax == nil && answer.refusals.isEmpty)
    }

    @Test("what the ERP does not say is refused by line, unless the ERP refuses it itself")
    func missing() throws {
        let refused = #","refusals":[{"question":"price","code":"credit.hold","text":"On hold."}]"#
        #expect(
            refusals(try read(Self.body([], refused))) == [
                "price - credit.hold", "availability a availability.unknown", "availability b availability.unknown",
                "shipping - shipping.unknown", "tax - tax.unknown",
            ])
        let line = #","refusals":[{"question":"price","line":"b","code":"sku.unknown","text":"No."}]"#
        #expect(
            refusals(try read(Self.body([Self.good], line), Self.request([.price]))) == ["price b sku.unknown"])
    }

    @Test(
        "a price that can not be read, or is not of its amount, is refused and takes no other with it",
        arguments: [
            #"{"unitPrice":"0.1835"}"#, #"{"unitPrice":"0,18","amount":"45.88"}"#, "7",
            #"{"unitPrice":"0.1835","amount":"45.90"}"#, #"{"unitPrice":"0.1835","amount":"45.875"}"#,
            #"{"unitPrice":"-0.1835","amount":"-45.88"}"#,
        ])
    func badPrice(price: String) throws {
        let answer = try read(Self.body([Self.line("a", price), Self.other]), Self.request([.price]))
        #expect(refusals(answer) == ["price a answer.unreadable"])
        #expect(answer.lines.map { $0.price != nil } == [false, true])
    }

    @Test("stock of some warehouses only is refused, and so are options and tax that can not be read")
    func badParts() throws {
        let stock = #"{"warehouse":"EAST","quantity":"7"},{"warehouse":"WEST","quantity":"many"}"#
        let lines = [Self.line("a", "null", stock), Self.line("b", "null")]
        let members = #","shipping":[{"method":"GROUND","amount":"x"}],"tax":{"amount":"4.595"},"refusals":[]"#
        let answer = try read(Self.body(lines, members), Self.request([.availability, .shipping, .tax]))
        #expect(
            refusals(answer) == [
                "availability a answer.unreadable", "shipping - answer.unreadable", "tax - answer.unreadable",
            ])
        #expect(answer.lines[0].availability.isEmpty && answer.lines[1].availability.count == 1)
    }

    @Test("an answer to another question, in another currency or of other lines is none")
    func foreign() {
        for text in [
            #"{"id":"Q-2","currency":"USD","lines":[],"refusals":[]}"#,
            #"{"id":"Q-1","currency":"EUR","lines":[],"refusals":[]}"#, Self.body([Self.line("z", "null")]),
            Self.body([Self.good, Self.good]),
            #"{"id":"Q-1","currency":"USD","lines":[],"refusals":[{"question":"hue","code":"a","text":""}]}"#,
        ] {
            #expect(throws: WireFault.self) { try read(text) }
        }
    }
}
