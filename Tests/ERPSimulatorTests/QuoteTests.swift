import ERP
import ERPSimulatorCore
import FoundationEssentials
import HTTPClient
import Models
import Testing

/// The simulated ERP's figures, through the real adapter.
@Suite struct QuoteTests {
    private static let day = CalendarDate("2026-03-02")

    private static func options(finite: Bool = false) -> SimulatorOptions {
        SimulatorOptions(today: day, isStockFinite: finite)
    }

    private static func question(
        _ questions: [QuoteFallback.Question] = QuoteFallback.Question.allCases, account: String = "C-10010",
        skus: [String] = ["FST-0001"], quantity: String = "2", region: String = "NJ", method: String? = nil
    ) -> QuoteRequest {
        var place = Fixture.order().shipTo
        place.region = region
        return QuoteRequest(
            id: "Q-1", customer: .account(account), currency: .usd, questions: questions, shipTo: place,
            shippingMethod: method,
            lines: skus.enumerated().map { index, sku in
                QuoteLine(id: "\(index + 1)", sku: sku, quantity: Fixture.decimal(quantity), unit: .one)
            })
    }

    private static func refusals(_ answer: QuoteAnswer) -> [String] {
        answer.refusals.map { "\($0.question.rawValue) \($0.line ?? "-") \($0.code)" }
    }

    private static func east(_ answer: QuoteAnswer) -> QuotedAvailability? {
        answer.lines.first?.availability.first { $0.warehouse == "EAST" }
    }

    private static func questions(_ lines: [AuditLine]) -> [AuditLine] { lines.filter { $0.path == "/quotes" } }

    private static let prices = """
        {"account":"C-10010","priceVersion":"2026-X","currency":"USD","validFrom":"2026-01-01",
        "validUntil":"2026-12-31","prices":[{"sku":"FST-0001","unit":"C62","price":"3.10"},
        {"sku":"FST-0001","fromQuantity":"10","unit":"C62","price":"2.90"}]}
        """

    @Test("everything that is asked is answered live, and nothing changes in the books")
    func whole() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            let answer = try await simulated.erp.quote(Self.question())
            #expect(answer.refusals.isEmpty && answer.lines.count == 1)
            #expect(answer.lines.first?.price?.basis == .live && answer.tax?.basis == .live)
            #expect(answer.lines.first?.availability.map(\.warehouse) == ["EAST", "NORTH", "WEST"])
            #expect(answer.shipping.first?.method == "GROUND")
            let books = try await simulated.summary()
            #expect(books.orders == 0 && books.effects == ["quoted": 1])
        }
    }

    @Test("an account's own price comes before its lists', and a break holds from its quantity on")
    func contract() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            #expect(try await simulated.send(.post, "/_simulator/changes/prices", Self.prices).status == 200)
            for (quantity, price, amount) in [("9", "3.10", "27.90"), ("10", "2.90", "29.00")] {
                let answer = try await simulated.erp.quote(Self.question([.price], quantity: quantity))
                let expected = QuotedPrice(
                    unitPrice: Fixture.decimal(price), amount: Fixture.decimal(amount), priceVersion: "2026-X",
                    basis: .live)
                #expect(answer.lines.first?.price == expected)
            }
        }
    }

    @Test("a price that was withdrawn or is over does not hold any more")
    func expired() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            _ = try await simulated.send(.post, "/_simulator/changes/prices", Self.prices)
            let names = #""account":"C-10010","priceVersion":"2026-X""#
            let over = "{\(names),\"validUntil\":\"2026-03-01\"}"
            let before = try await simulated.erp.quote(Self.question([.price]))
            #expect(before.lines.first?.price?.priceVersion == "2026-X")
            #expect(try await simulated.send(.post, "/_simulator/changes/prices", over).status == 200)
            let after = try await simulated.erp.quote(Self.question([.price]))
            #expect(after.lines.first?.price?.priceVersion != "2026-X")
        }
    }

    @Test("what an order has allocated can not be promised again")
    func allocated() async throws {
        try await SimulatedERP.with(Self.options(finite: true)) { simulated in
            let question = Self.question([.availability])
            let before = try await simulated.erp.quote(question).lines.first?.availability.first?.quantity
            _ = try await simulated.erp.submit(Fixture.order(quantity: "5"))
            let after = try await simulated.erp.quote(question).lines.first?.availability.first?.quantity
            #expect(before.flatMap { $0.subtracting(Fixture.decimal("5")) } == after)
        }
    }

    @Test("goods that are on their way are dated")
    func incoming() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            let answer = try await simulated.erp.quote(Self.question([.availability], skus: ["FST-0008"]))
            let east = Self.east(answer)
            #expect(east?.quantity == .zero && east?.availableFrom == CalendarDate("2026-03-16"))
        }
    }

    @Test("a product that nobody knows is refused by itself, and what depends on it as a whole")
    func unknownSKU() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            let answer = try await simulated.erp.quote(Self.question(skus: ["FST-0001", "NOPE"]))
            #expect(
                Self.refusals(answer) == [
                    "price 2 sku.unknown", "availability 2 sku.unknown", "shipping - sku.unknown",
                    "tax - sku.unknown",
                ])
            #expect(answer.lines.first?.price != nil)
        }
    }

    @Test("an account on credit hold is told what there is but no price; a closed or unknown one nothing")
    func accounts() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            let held = try await simulated.erp.quote(Self.question(account: "C-10004"))
            #expect(Self.refusals(held) == ["price - credit.hold", "tax - credit.hold"])
            #expect(held.lines.first?.availability.isEmpty == false && !held.shipping.isEmpty)
            for (account, code) in [("C-10007", "account.closed"), ("C-99999", "account.unknown")] {
                let answer = try await simulated.erp.quote(Self.question(account: account))
                #expect(answer.refusals.map(\.code) == Array(repeating: code, count: 4), "\(account)")
                #expect(answer.shipping.isEmpty && answer.tax == nil)
            }
        }
    }

    @Test("freight grows with weight and zone, and only what was asked for is told")
    func freight() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            func ground(_ quantity: String, _ region: String) async throws -> ExactDecimal {
                let question = Self.question(
                    [.shipping], skus: ["PWR-0001"], quantity: quantity, region: region, method: "GROUND")
                let options = try await simulated.erp.quote(question).shipping
                #expect(options.map(\.method) == ["GROUND"])
                return options.first?.amount ?? .zero
            }
            let (near, heavy, far) = (
                try await ground("1", "NJ"), try await ground("20", "NJ"), try await ground("1", "WA")
            )
            #expect(near < heavy && near < far)
            let strange = try await simulated.erp.quote(Self.question([.shipping], method: "PIGEON"))
            #expect(Self.refusals(strange) == ["shipping - shipping.unknown-method"])
        }
    }

    @Test("sales tax is the state's: of the goods' contract price, to the cent")
    func tax() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            _ = try await simulated.send(.post, "/_simulator/changes/prices", Self.prices)
            // 20 x 2.90 = 58.00; New Jersey takes 6.625 %, Oregon nothing.
            for (region, amount) in [("NJ", "3.84"), ("OR", "0.00")] {
                let answer = try await simulated.erp.quote(Self.question([.tax], quantity: "20", region: region))
                #expect(answer.tax?.amount == Fixture.decimal(amount), "\(region)")
            }
            let nowhere = try await simulated.erp.quote(Self.question([.tax], region: "ZZ"))
            #expect(Self.refusals(nowhere) == ["tax - region.unknown"])
        }
    }

    @Test("a question that can not be taken is rejected, and each fault named by its place")
    func rejected() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            var question = Self.question()
            question.shipTo = nil
            question.lines.append(question.lines[0])
            let wrong = question
            let error = await failure { () async throws(ERPError) in try await simulated.erp.quote(wrong) }
            guard case .rejected(let code, _, let faults) = error else {
                Issue.record("\(error.debugDescription)")
                return
            }
            #expect(code == "address.missing")
            #expect(faults.map(\.pointer) == ["/data/shipTo", "/data/lines/1/id"])
            let unreadable = try await simulated.send(.post, "/quotes", "no")
            #expect(unreadable.status == 400)
        }
    }

    @Test("faults meet questions like everything else: too many wait, a broken answer is a failure")
    func faults() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            var slow = FaultRule(.error)
            slow.path = "/quotes"
            slow.status = 429
            slow.retryAfter = 7
            slow.count = 1
            try await simulated.fault(slow)
            let first = await failure { () async throws(ERPError) in try await simulated.erp.quote(Self.question()) }
            #expect(first == .slowDown(retryAfter: .seconds(7)))
            for kind in [FaultRule.Kind.truncated, .html, .empty, .errorBody, .dropReply] {
                try await simulated.fault(kind, count: 1)
                let error = await failure { () async throws(ERPError) in
                    try await simulated.erp.quote(Self.question())
                }
                #expect(error?.isUnavailable == true, "\(kind)")
            }
            let lines = Self.questions(try await simulated.audit(query: "since=0"))
            #expect(lines.count == 6 && lines.compactMap(\.fault).count == 6)
        }
    }

    @Test("question and answer are what the document says, member by member")
    func document() async throws {
        let document = try OpenAPIDocument()
        try await SimulatedERP.with(Self.options()) { simulated in
            let body = """
                {"id":"Q-1","customer":{"account":"C-10010"},"currency":"USD",
                "questions":["price","availability","shipping","tax"],
                "shipTo":{"name":"D","street":["1 St"],"city":"N","region":"NJ","country":"US"},
                "lines":[{"id":"1","sku":"FST-0008","quantity":"2","unit":"C62","unitPrice":"1.00"},
                {"id":"2","sku":"NOPE","quantity":"1","unit":"C62"}]}
                """
            #expect(try document.complaints(body, against: "Question").isEmpty)
            let other = body.replacing("FST-0008", with: "FST-0001")
            for (text, status) in [(body, 200), (other, 200), ("{}", 400)] {
                let answer = try await simulated.send(.post, "/quotes", text)
                #expect(answer.status == status)
                let complaints = try document.complaints(
                    String(decoding: answer.body, as: UTF8.self), to: "post", "/quotes", status: answer.status,
                    type: answer.headers["content-type"] ?? "")
                #expect(complaints.isEmpty)
            }
        }
    }

    /// Freight and tax as a store had to guess them.
    private static func estimated(_ fallbacks: [QuoteFallback.Question]) -> Order {
        var order = Fixture.order()
        order.shippingMethod = "GROUND"
        order.totals.shipping = Fixture.decimal("10.00")
        order.totals.tax = Fixture.decimal("1.00")
        order.totals.total = Fixture.decimal("19.00")
        order.fallbacks = fallbacks.map { QuoteFallback(question: $0, basis: .estimated) }
        return order
    }

    @Test("an order is charged what the books say where the store had to estimate, and what it was told elsewhere")
    func charges() async throws {
        try await SimulatedERP.with(Self.options()) { simulated in
            let quote = try await simulated.erp.quote(Self.question([.shipping, .tax], method: "GROUND"))
            let freight = try #require(quote.shipping.first?.amount)
            let order = try await simulated.erp.submit(Self.estimated([.shipping]))
            let totals = try #require(order.totals)
            #expect(totals.shipping == freight && freight != Fixture.decimal("10.00"))
            #expect(totals.goods == Fixture.decimal("8.00") && totals.tax == Fixture.decimal("1.00"))
            #expect(totals.total == freight.adding(Fixture.decimal("9.00")))
            #expect(order.total == Fixture.decimal("19.00"), "that is what the store said")
            var taxed = Self.estimated([.tax])
            taxed.number = "100003"
            let due = try await simulated.erp.submit(taxed).totals?.tax
            // 6.625 % of what the store was told that the goods cost.
            #expect(due == Fixture.decimal("0.53"))
            var whole = Self.estimated([])
            whole.number = "100002"
            let told = try await simulated.erp.submit(whole)
            #expect(told.totals == whole.totals)
        }
    }
}
