import Fleet
import FleetTesting
import Glibc
import Ledger
import Models
import Synchronization
import Testing

@testable import QuotesWorker

@Suite("Figures where the ledger does not answer", .timeLimit(.minutes(2)))
struct ShelfTests {
    private static func shelf(
        _ ledger: Ledger, _ settings: QuoteSettings = QuoteSettings(), hasStore: Bool = true
    ) -> QuoteShelf {
        QuoteShelf(ledger: ledger, settings: settings, hasStore: hasStore, logger: Asked.quiet)
    }

    /// What a shelf has of a question so much later.
    private static func known(_ shelf: QuoteShelf, _ question: QuoteRequest, after time: Duration) async -> KnownFigures
    {
        await shelf.known(of: question, until: .now + .seconds(60), at: .now + time)
    }

    @Test("what was looked up serves for ten minutes, with the age that it has, and not longer")
    func stale() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write { transaction in
                try DatabaseTables.show(DatabaseTables.prices("3.10", version: "A"), in: transaction)
                try DatabaseTables.show(DatabaseTables.product(), DatabaseTables.stock("12"), in: transaction)
            }
            let shelf = Self.shelf(ledger)
            let question = try Asked.question([.price, .availability])
            let seen = await Self.known(shelf, question, after: .zero)
            await ledger.close()
            let soon = await Self.known(shelf, question, after: .seconds(300))
            let asOf = try #require(seen.prices[0]?.asOf)
            #expect(soon.prices[0]?.asOf == asOf && soon.stock[0] == seen.stock[0] && soon.account != nil)
            let late = await Self.known(shelf, question, after: .seconds(1_200))
            #expect(late.prices == [nil] && late.stock == [[]] && late.account == nil)
        }
    }

    /// What is left two seconds later of a price that the ERP said so many seconds ago, where such count for a minute.
    private static func price(said seconds: Int64, _ ledger: Ledger) async throws -> PriceFact? {
        var settings = QuoteSettings()
        settings.expiry[.price] = .seconds(60)
        let shelf = Self.shelf(ledger, settings, hasStore: false)
        let question = try Asked.question([.price])
        let key = try #require(QuestionKeys(question).price(of: question.lines[0]))
        let asOf = try #require(Timestamp(microseconds: Timestamp.now().microseconds - seconds * 1_000_000))
        let fact = PriceFact(unitPrice: .zero, amount: .zero, version: nil, asOf: asOf)
        shelf.learn([.price(key): .price(fact)], at: asOf)
        return await known(shelf, question, after: .seconds(2)).prices[0]
    }

    @Test("what the ERP has said is not remembered beyond its time, either")
    func expired() async throws {
        try await withQuoteLedger { ledger in
            await ledger.close()
            let young = try await Self.price(said: 5, ledger)
            let old = try await Self.price(said: 90, ledger)
            #expect(young != nil && old == nil)
        }
    }

    @Test("no more looks than may be are left behind, and others begin when these have come back")
    func looks() {
        let looks = OpenLooks(limit: 2)
        let begun = (0..<4).compactMap { _ in looks.begin() }
        #expect(begun.count == 4, "those that are waited for are not counted")
        for look in begun.prefix(2) { looks.abandon(look) }
        #expect(looks.begin() == nil && looks.abandoned == 2)
        looks.end(begun[0])
        #expect(looks.begin() != nil && looks.abandoned == 1)
        // One that is over when it is given up leaves nothing behind.
        looks.end(begun[2])
        looks.abandon(begun[2])
        #expect(looks.abandoned == 1)
    }

    /// Holds the ledger's reader.
    private final class Latch: Sendable {
        let isHolding = Atomic(false)
        let isOpen = Atomic(false)

        func hold() {
            isHolding.store(true, ordering: .releasing)
            while !isOpen.load(ordering: .acquiring) { usleep(1_000) }
        }

        var holds: Bool { isHolding.load(ordering: .acquiring) }
    }

    @Test("a ledger that hangs gathers no more than 256 looks")
    func hanging() async throws {
        try await withQuoteLedger { ledger in
            let (shelf, latch) = (Self.shelf(ledger), Latch())
            let question = try Asked.question([.price])
            let holder = Task { try await ledger.read { _ in latch.hold() } }
            try await eventually("the reader to hang") { latch.holds }
            for _ in 0..<300 { _ = await shelf.known(of: question, until: .now) }
            #expect(shelf.abandonedLooks == 256)
            latch.isOpen.store(true, ordering: .releasing)
            try await holder.value
            try await eventually("the looks to come back") { shelf.abandonedLooks == 0 }
        }
    }

    @Test("figures on their way into the ledger count among those that wait for it")
    func unsaved() {
        let unsaved = UnsavedFigures(limit: 2)
        let keys = ["a", "b", "c"].map { FigureKey.stock(ExactText($0), .one) }
        unsaved.add([keys[0]: nil, keys[1]: nil], at: 1)
        #expect(unsaved.take().count == 2)
        unsaved.add([keys[2]: nil], at: 2)
        #expect(unsaved.dropped == 1)
    }
}
