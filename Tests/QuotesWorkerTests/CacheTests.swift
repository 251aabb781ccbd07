import ERP
import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import QuotesWorker

@Suite("What is known without the ERP", .timeLimit(.minutes(2)))
struct CacheTests {
    /// An ERP of which nobody expects anything.
    private static let away = ScriptedERP { (_) throws(ERPError) in throw .unavailable("It is away.") }

    /// What a fresh worker knows, which shares nothing with another one but the ledger.
    private static func later(
        _ ledger: Ledger, _ request: QuoteRequest, settings: QuoteSettings = QuoteSettings(), hasStore: Bool = true
    ) async -> QuoteAnswer {
        await Desk(ledger, erp: away, settings: settings, hasStore: hasStore).answer(request)
    }

    @Test("what the ERP has said is known at once, and to another worker once it is written, each with its age")
    func remembered() async throws {
        try await withQuoteLedger { ledger in
            let desk = Desk(ledger, erp: ScriptedERP())
            let question = try Asked.question()
            let live = await desk.answer(question)
            #expect(Asked.bases(live) == ["price live", "availability live", "shipping live", "tax live"])
            await desk.shelf.save()
            let cached = await Self.later(ledger, question)
            let bases: Set<String> = ["price cached", "availability cached", "shipping cached", "tax cached"]
            #expect(Asked.bases(cached) == bases && cached.refusals.isEmpty)
            #expect(cached.contractFaults.isEmpty)
            let price = try #require(cached.lines.first?.price)
            #expect(price.amount == live.lines.first?.price?.amount)
            let age = try #require(price.basis.asOf)
            #expect(age <= .now() && age <= live.answeredAt)
        }
    }

    @Test("another quantity, account or place is not known, and a larger basket's tax is estimated by no smaller one")
    func others() async throws {
        try await withQuoteLedger { ledger in
            let desk = Desk(ledger, erp: ScriptedERP())
            _ = await desk.answer(try Asked.question())
            await desk.shelf.save()
            let more = try Asked.question([.price], lines: [Asked.line("a", "BOLT", "3")])
            let other = Asked.refusals(await Self.later(ledger, more))
            #expect(other == ["price a price.unknown"])
            let others = try Asked.question([.price, .shipping, .tax], account: "C-2")
            let refusals = Asked.refusals(await Self.later(ledger, others))
            #expect(refusals == ["price a price.unknown", "shipping - shipping.unknown", "tax - tax.unknown"])
        }
    }

    @Test("what is too old is not given, and is removed; so is the oldest of what is too much")
    func bounds() async throws {
        try await withQuoteLedger { ledger in
            var settings = QuoteSettings()
            settings.expiry[.price] = .seconds(10)
            settings.cacheRows = 2
            let now = Timestamp.now()
            let old = try #require(Timestamp(microseconds: now.microseconds - 11_000_000))
            let young = try #require(Timestamp(microseconds: now.microseconds - 5_000_000))
            try await ledger.write { transaction in
                for (index, asOf) in [old, young].enumerated() {
                    let fact = PriceFact(unitPrice: .zero, amount: .zero, version: nil, asOf: asOf)
                    try transaction.cache(.price(fact), .price, "price-\(index)", at: now.microseconds)
                }
                for index in 0..<3 {
                    let asOf = Timestamp(microseconds: now.microseconds - 1_000 * Int64(3 - index)) ?? now
                    let fact = TaxFact(tax: .zero, goods: .zero, asOf: asOf)
                    try transaction.cache(.tax(fact), .tax, "tax-\(index)", at: now.microseconds)
                }
            }
            let shelf = QuoteShelf(ledger: ledger, settings: settings, hasStore: true, logger: Asked.quiet)
            await shelf.prune()
            let left = try await ledger.read { snapshot in
                try snapshot.query("SELECT place FROM quote_cache ORDER BY place") { $0.text(0) }
            }
            #expect(left == ["tax-1", "tax-2"])
        }
    }

    @Test("what another worker has heard later is not overwritten")
    func newer() async throws {
        try await withQuoteLedger { ledger in
            let now = Timestamp.now()
            let earlier = try #require(Timestamp(microseconds: now.microseconds - 1_000_000))
            let (old, new) = try (Asked.decimal("1.00"), Asked.decimal("2.00"))
            let found = try await ledger.write { transaction in
                let newest = PriceFact(unitPrice: new, amount: new, version: nil, asOf: now)
                let older = PriceFact(unitPrice: old, amount: old, version: nil, asOf: earlier)
                try transaction.cache(.price(newest), .price, "p", at: now.microseconds)
                try transaction.cache(.price(older), .price, "p", at: now.microseconds)
                return try transaction.cachedFigure(.price, "p", since: 0)
            }
            let expected = Figure.price(PriceFact(unitPrice: new, amount: new, version: nil, asOf: now))
            #expect(found == expected)
        }
    }

    @Test("memory holds no more than it may, and what is asked for stays longest")
    func memory() throws {
        let memory = FigureMemory(limit: 10)
        let wanted = FigureKey.account(ExactText("wanted"))
        memory.put([wanted: nil], at: .now)
        for number in 0..<100 {
            memory.put([.account(ExactText("C-\(number)")): nil], at: .now)
            #expect(memory[wanted] != nil)
        }
        #expect(memory.count <= 10)
    }

    @Test("letters that look alike are two products")
    func exact() {
        #expect(ExactText("caf\u{E9}") != ExactText("cafe\u{301}"))
        #expect(ExactText("BOLT") == ExactText("BOLT"))
    }

    // MARK: - What the feed has brought

    @Test("the store's tables say what an account pays today; a version that has ended leaves no price, listed or not")
    func versions() async throws {
        try await withQuoteLedger { ledger in
            let question = try Asked.question([.price])
            try await ledger.write { transaction in
                try DatabaseTables.show(DatabaseTables.product(listPrice: "9.00"), in: transaction)
                try DatabaseTables.show(in: transaction)
            }
            let listed = await Self.later(ledger, question)
            #expect(listed.lines.first?.price?.unitPrice == (try Asked.decimal("9.00")))
            try await ledger.write {
                try DatabaseTables.show(DatabaseTables.prices("3.10", version: "OLD", until: "2020-12-31"), in: $0)
            }
            let ended = Asked.refusals(await Self.later(ledger, question))
            #expect(ended == ["price a price.unknown"])
            try await ledger.write { try DatabaseTables.show(DatabaseTables.prices("2.90", version: "NEW"), in: $0) }
            let price = try #require(await Self.later(ledger, question).lines.first?.price)
            let new = try Asked.decimal("2.90")
            #expect(price.priceVersion == "NEW" && price.unitPrice == new)
            #expect(price.basis.kind == .cached && price.basis.asOf != nil)
        }
    }

    @Test("a price that the ERP has said does not outlive its version")
    func ended() async throws {
        try await withQuoteLedger { ledger in
            let erp = ScriptedERP { (request) throws(ERPError) in
                var answer = try scriptedAnswer(request)
                for index in answer.lines.indices { answer.lines[index].price?.priceVersion = "OLD" }
                return answer
            }
            let desk = Desk(ledger, erp: erp)
            let question = try Asked.question([.price])
            _ = await desk.answer(question)
            await desk.shelf.save()
            let before = Asked.bases(await Self.later(ledger, question))
            #expect(before == ["price cached"])
            try await ledger.write {
                try DatabaseTables.show(DatabaseTables.prices("3.10", version: "OLD", until: "2020-12-31"), in: $0)
            }
            let after = Asked.refusals(await Self.later(ledger, question))
            #expect(after == ["price a price.unknown"])
            let untold = Asked.bases(await Self.later(ledger, question, hasStore: false))
            #expect(untold == ["price cached"])
        }
    }

    @Test("stock is what the store may promise, and a hold on the account is told beside its prices")
    func stock() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write { transaction in
                let held = DatabaseTables.customer(
                    hold: OrderStatus.Reason(code: "credit.hold", text: "Please call us."))
                try DatabaseTables.show(DatabaseTables.prices("3.10", version: "A"), customer: held, in: transaction)
                try DatabaseTables.show(
                    DatabaseTables.product(), DatabaseTables.stock("12"), DatabaseTables.stock("0", in: "WEST"),
                    in: transaction)
            }
            let answer = await Self.later(ledger, try Asked.question([.price, .availability]))
            let stock = answer.lines.first?.availability.map { "\($0.warehouse) \($0.quantity)" }
            #expect(stock == ["EAST 12", "WEST 0"])
            #expect(Asked.refusals(answer) == ["price - credit.hold"] && answer.lines.first?.price != nil)
        }
    }

    @Test("freight and tax that nobody ever said are estimated from the product's weight and the place")
    func estimated() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write { transaction in
                try DatabaseTables.show(DatabaseTables.prices("4.00", version: "A"), in: transaction)
                try DatabaseTables.show(DatabaseTables.product(weight: "1.5"), in: transaction)
            }
            let question = try Asked.question([.shipping, .tax])
            let answer = await Self.later(ledger, question, settings: try Asked.settings())
            #expect(Asked.bases(answer) == ["shipping estimated", "tax estimated"] && answer.refusals.isEmpty)
            // Three kilograms at 0.22 beside 7.95, and 6.5 % of 8.00.
            #expect(answer.shipping.map { "\($0.method) \($0.amount)" } == ["GROUND 8.61"])
            #expect(answer.tax?.amount == (try Asked.decimal("0.52")))
            #expect(answer.tax?.basis.asOf != nil, "the price that it is reckoned on has an age")
        }
    }

    @Test("what the policy lists first is tried first, and what it does not list is not given")
    func policy() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write {
                try DatabaseTables.show(DatabaseTables.product(), DatabaseTables.stock("12"), in: $0)
            }
            var settings = QuoteSettings()
            settings.policy[.availability] = [.cached, .live]
            settings.policy[.price] = [.live]
            let desk = Desk(ledger, erp: ScriptedERP(), settings: settings)
            let answer = await desk.answer(try Asked.question([.price, .availability]))
            #expect(Asked.bases(answer) == ["price live", "availability cached"])
            #expect(desk.erp.asked.first?.questions == [.price])
            await desk.shelf.save()
            let without = await Self.later(ledger, try Asked.question([.price]), settings: settings)
            #expect(Asked.refusals(without) == ["price a price.unknown"])
        }
    }
}
