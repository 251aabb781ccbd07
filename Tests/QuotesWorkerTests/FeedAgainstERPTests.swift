import ERP
import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import QuotesWorker

@Suite("What the feed has brought beside what the ERP has said", .timeLimit(.minutes(2)))
struct FeedAgainstERPTests {
    private static let away = ScriptedERP { (_) throws(ERPError) in throw .unavailable("It is away.") }

    /// Has the ERP say that every price is 4.00 each, of that version.
    private static func hear(_ ledger: Ledger, version: String?) async throws {
        let erp = ScriptedERP { (request) throws(ERPError) in
            var answer = try scriptedAnswer(request)
            for index in answer.lines.indices { answer.lines[index].price?.priceVersion = version }
            return answer
        }
        let desk = Desk(ledger, erp: erp)
        _ = await desk.answer(try Asked.question([.price]))
        await desk.shelf.save()
    }

    /// What a worker that has just started says a bolt costs; nil where it knows no price.
    private static func price(_ ledger: Ledger) async throws -> QuotedPrice? {
        await Desk(ledger, erp: away).answer(try Asked.question([.price])).lines.first?.price
    }

    @Test("a price that the feed has brought beats what the ERP said before")
    func fed() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write {
                try DatabaseTables.show(DatabaseTables.prices("3.10", version: "NEW"), in: $0)
            }
            try await Self.hear(ledger, version: "OLD")
            let price = try #require(try await Self.price(ledger))
            let expected = try Asked.decimal("3.10")
            #expect(price.unitPrice == expected && price.priceVersion == "NEW")
        }
    }

    /// A version in which there is no bolt.
    private static func others(_ version: String) throws -> ContractPrices {
        var prices = try DatabaseTables.prices("1.00", version: version)
        for index in prices.prices.indices { prices.prices[index].sku = "NUT" }
        return prices
    }

    @Test("what the ERP said of a version does not count once that has been restated")
    func restated() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write { try DatabaseTables.show(Self.others("A"), in: $0) }
            try await Self.hear(ledger, version: "A")
            let before = try await Self.price(ledger)
            try await ledger.write { try DatabaseTables.show(Self.others("A"), in: $0) }
            let after = try await Self.price(ledger)
            #expect(before != nil && after == nil)
        }
    }

    private static func taxAddress(_ currency: Currency) throws -> String? {
        var question = try Asked.question([.tax])
        question.currency = currency
        return QuestionKeys(question).tax(Desk.live(question).load)?.key.cacheAddress?.place
    }

    @Test("a remembered tax is for its own currency")
    func currency() throws {
        let (dollars, euros) = (try Self.taxAddress(.usd), try Self.taxAddress(try #require(Currency("EUR"))))
        #expect(dollars != nil && euros != nil && dollars != euros)
    }

    /// The worth of the goods on which a tax was learned; nil when none was.
    private static func worth(
        _ questions: [QuoteFallback.Question], refusing code: String? = nil, isPriced: Bool = true
    ) throws -> String? {
        let question = try Asked.question(questions, lines: [Asked.line("a", "BOLT", price: "5.00")])
        let live = Desk.live(question)
        var answer = try Asked.answer(live.request)
        if !isPriced { answer.lines[0].price = nil }
        if let code { answer.refusals = [QuoteRefusal(question: .price, line: "1", code: code, text: "No.")] }
        let facts = live.lessons(of: answer).values.compactMap { figure -> TaxFact? in
            guard case .tax(let fact)? = figure else { return nil }
            return fact
        }
        return facts.first?.goods.description
    }

    @Test("tax is learned on the ERP's own price, and on the store's only where the ERP has none")
    func ownPrice() throws {
        let own = try Self.worth([.price, .tax])
        #expect(own == "8.00")
        let unasked = try Self.worth([.tax])
        let missing = try Self.worth([.price, .tax], isPriced: false)
        #expect(unasked == nil && missing == nil)
        let priceless = try Self.worth([.price, .tax], refusing: "price.unknown", isPriced: false)
        #expect(priceless == "10.00")
    }
}
