import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import ERPFeed

/// From when on a page of changes is held back.
@Suite struct BatchTallyTests {
    private func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

    private func prices(_ prices: [(sku: String, price: String)], revision: Int64 = 1) throws -> ContractPrices {
        ContractPrices(
            holder: .priceList("L"), priceVersion: "Q1", revision: revision, currency: .usd,
            validFrom: try #require(CalendarDate("2026-01-01")),
            prices: try prices.map { ContractPrice(sku: $0.sku, unit: .one, unitPrice: try decimal($0.price)) })
    }

    private func stock(_ sku: String, _ onHand: String, revision: Int64 = 1) throws -> Stock {
        Stock(
            sku: sku, warehouse: "EAST", revision: revision, unit: .one, onHand: try decimal(onHand), reserved: .zero)
    }

    /// The alarm over what changes in a store that shows this.
    private func alarm(
        shown: [ERPChange], then changes: [ERPChange], _ limits: GuardLimits
    ) async throws -> BatchAlarm? {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await ledger.write { transaction in
                let store = DatabaseStorefront()
                for change in shown {
                    if case .stock(let stock) = change { try store.show(stock, at: .now(), in: transaction) }
                    if case .prices(let prices) = change { try store.show(prices, at: .now(), in: transaction) }
                    if case .product(let product) = change { try store.show(product, at: .now(), in: transaction) }
                }
            }
            let alarm = try await ledger.read { snapshot in
                try BatchTally(
                    changes.map { DatedChange($0) }, limits: limits, shown: snapshot, today: "2026-06-15"
                ).alarm(limits)
            }
            await ledger.close()
            return alarm
        }
    }

    @Test(
        "a share of emptied stock above the limit parks the page, at the limit or in few changes it does not",
        arguments: [(6, 5, true), (5, 5, false), (6, 7, false)])
    func stockZeroed(emptied: Int, minimum: Int, isParked: Bool) async throws {
        let shown = try (0..<10).map { ERPChange.stock(try stock("S-\($0)", "5")) }
        let then = try (0..<10).map { ERPChange.stock(try stock("S-\($0)", $0 < emptied ? "0" : "4", revision: 2)) }
        let alarm = try await alarm(shown: shown, then: then, GuardLimits(stockZeroed: 50, minimum: minimum))
        #expect((alarm != nil) == isParked)
        if isParked { #expect(alarm?.diff.first == "S-0 in EAST: 5 → 0") }
    }

    @Test("what is new, or was empty already, alarms nobody")
    func news() async throws {
        let shown = try (0..<5).map { ERPChange.stock(try stock("S-\($0)", "0")) }
        let then = try (0..<30).map { ERPChange.stock(try stock("S-\($0)", "0", revision: 2)) }
        #expect(try await alarm(shown: shown, then: then, GuardLimits(minimum: 1)) == nil)
    }

    @Test(
        "prices that move by more than the step count, up or down",
        arguments: [("13.00", false), ("13.01", true), ("7.00", false), ("6.99", true), ("0", true)])
    func pricesMoved(price: String, isParked: Bool) async throws {
        let shown = try prices([("A", "10.00"), ("B", "10.00")])
        let then = try prices([("A", price), ("B", price)], revision: 2)
        let alarm = try await alarm(shown: [.prices(shown)], then: [.prices(then)], GuardLimits(minimum: 2))
        #expect((alarm != nil) == isParked)
        if isParked { #expect(alarm?.diff.first?.hasSuffix("A: 10.00 → \(price)") == true) }
    }

    @Test("a new version is held against the prices beside which it stands")
    func newVersion() async throws {
        let shown = try prices([("A", "10.00"), ("B", "10.00")])
        var then = try prices([("A", "0.10"), ("B", "0.10")])
        then.priceVersion = "Q2"
        then.validFrom = try #require(CalendarDate("2026-06-01"))
        let limits = GuardLimits(minimum: 2)
        let alarm = try await alarm(shown: [.prices(shown)], then: [.prices(then)], limits)
        #expect(alarm?.reason == "2 of 2 prices would move by more than 30 % (at most 50 %).")
        then.prices = try prices([("A", "10.50"), ("B", "9.50")]).prices
        #expect(try await self.alarm(shown: [.prices(shown)], then: [.prices(then)], limits) == nil)
        #expect(try await self.alarm(shown: [], then: [.prices(then)], limits) == nil, "the first prices are no change")
    }

    @Test("prices that would hold no more today are gone, and those of another currency are others")
    func validity() async throws {
        let shown = try prices([("A", "10.00"), ("B", "10.00")])
        var over = try prices([("A", "10.00"), ("B", "10.00")], revision: 2)
        over.validUntil = CalendarDate("2026-06-14")
        let limits = GuardLimits(minimum: 2)
        let ended = try await alarm(shown: [.prices(shown)], then: [.prices(over)], limits)
        #expect(ended?.reason == "2 of 2 prices would be gone (at most 50 %).")
        #expect(ended?.diff.first?.hasSuffix("A: from 2026-01-01 to 2026-06-14, not today") == true)
        over.validUntil = CalendarDate("2026-06-15")
        #expect(try await alarm(shown: [.prices(shown)], then: [.prices(over)], limits) == nil)
        var other = try prices([("A", "10.00"), ("B", "10.00")], revision: 2)
        other.currency = try #require(Currency("JPY"))
        let moved = try await alarm(shown: [.prices(shown)], then: [.prices(other)], limits)
        #expect(moved?.diff.first?.hasSuffix("A: 10.00 USD → 10.00 JPY") == true)
    }

    @Test("a price that the buyer has by another version of the page instead is not gone, whatever order they come in")
    func replaced() async throws {
        let shown = try prices([("A", "10.00"), ("B", "10.00")])
        var over = try prices([("A", "10.00"), ("B", "10.00")], revision: 2)
        over.validUntil = CalendarDate("2026-06-14")
        var next = try prices([("A", "10.50"), ("B", "11.00")])
        (next.priceVersion, next.validFrom) = ("Q2", try #require(CalendarDate("2026-06-15")))
        let limits = GuardLimits(minimum: 2)
        for page in [[over, next], [next, over]] {
            #expect(try await alarm(shown: [.prices(shown)], then: page.map { .prices($0) }, limits) == nil)
        }
        next.validFrom = try #require(CalendarDate("2026-06-16"))
        #expect(try await alarm(shown: [.prices(shown)], then: [.prices(over), .prices(next)], limits) != nil)
    }

    @Test("a price that the buyer has by another version that is shown moves to that one")
    func fallsBack() async throws {
        let first = try prices([("A", "10.00"), ("B", "10.00")])
        var second = try prices([("A", "10.50"), ("B", "10.50")])
        second.priceVersion = "Q2"
        second.validFrom = try #require(CalendarDate("2026-06-01"))
        var emptied = second
        (emptied.prices, emptied.revision) = ([], 2)
        let limits = GuardLimits(minimum: 2)
        #expect(
            try await alarm(shown: [.prices(first), .prices(second)], then: [.prices(emptied)], limits) == nil)
        second.prices = try prices([("A", "99.00"), ("B", "99.00")]).prices
        let moved = try await alarm(shown: [.prices(first), .prices(second)], then: [.prices(emptied)], limits)
        #expect(moved?.diff == ["price-list/L/Q2 A: 99.00 → 10.00", "price-list/L/Q2 B: 99.00 → 10.00"])
    }

    @Test(
        "versions that overlap do not stand in for each other when one page ends or empties them all",
        arguments: [true, false])
    func allGone(isEnded: Bool) async throws {
        var versions = [try prices([("A", "10.00"), ("B", "10.00")]), try prices([("A", "10.50"), ("B", "10.50")])]
        versions[1].priceVersion = "Q2"
        let over = versions.map { version in
            var over = version
            over.revision = 2
            if isEnded { over.validUntil = CalendarDate("2026-06-14") } else { over.prices = [] }
            return ERPChange.prices(over)
        }
        let alarm = try await alarm(shown: versions.map { .prices($0) }, then: over, GuardLimits(minimum: 2))
        #expect(alarm?.reason == "4 of 4 prices would be gone (at most 50 %).")
    }

    @Test("who falls back to a dearer version is seen, whether the one that ended still lists its prices or not")
    func fallsBackByEnd() async throws {
        var old = try prices([("A", "99.00"), ("B", "99.00")])
        (old.priceVersion, old.validFrom) = ("Q0", try #require(CalendarDate("2025-01-01")))
        let shown = try prices([("A", "10.00"), ("B", "10.00")])
        var over = shown
        (over.validUntil, over.revision) = (CalendarDate("2026-06-14"), 2)
        let alarm = try await alarm(
            shown: [.prices(old), .prices(shown)], then: [.prices(over)], GuardLimits(minimum: 2))
        #expect(alarm?.diff.first == "price-list/L/Q1 A: 10.00 → 99.00")
        #expect(alarm?.reason.hasPrefix("2 of 2 prices would move") == true)
    }

    @Test("list prices in another currency are others, also in a new version of contract prices")
    func currencies() async throws {
        func product(_ sku: String, _ currency: Currency, _ revision: Int64) throws -> ERPChange {
            var product = Product(sku: sku, revision: revision, name: sku, unit: .one, isActive: true)
            product.listPrice = Price(amount: try decimal("10.00"), currency: currency)
            return .product(product)
        }
        let limits = GuardLimits(minimum: 2)
        let yen = try #require(Currency("JPY"))
        let listed = try await alarm(
            shown: [try product("A", .usd, 1), try product("B", .usd, 1)],
            then: [try product("A", yen, 2), try product("B", yen, 2)], limits)
        #expect(listed?.diff.first == "A: 10.00 USD → 10.00 JPY")
        var next = try prices([("A", "10.00"), ("B", "10.00")])
        (next.priceVersion, next.currency) = ("Q2", yen)
        let shown = ERPChange.prices(try prices([("A", "10.00"), ("B", "10.00")]))
        #expect(try await alarm(shown: [shown], then: [.prices(next)], limits)?.diff.count == 2)
    }

    @Test("products that lose their list price count as prices that are gone")
    func listPrices() async throws {
        func product(_ sku: String, _ price: Price?, _ revision: Int64) -> ERPChange {
            var product = Product(sku: sku, revision: revision, name: sku, unit: .one, isActive: true)
            product.listPrice = price
            return .product(product)
        }
        let price = Price(amount: try decimal("3.00"), currency: .usd)
        let alarm = try await alarm(
            shown: [product("A", price, 1), product("B", price, 1)],
            then: [product("A", nil, 2), product("B", nil, 2)],
            GuardLimits(minimum: 2))
        #expect(alarm?.diff == ["A: no list price any more", "B: no list price any more"])
    }

    @Test("a price list that loses most of its prices is held back, and says which")
    func pricesDropped() async throws {
        let shown = try prices((0..<10).map { ("S-\($0)", "1.00") })
        let then = try prices([("S-0", "1.00")], revision: 2)
        let alarm = try await alarm(shown: [.prices(shown)], then: [.prices(then)], GuardLimits(minimum: 2))
        #expect(alarm?.reason == "9 of 10 prices would be gone (at most 50 %).")
        #expect(alarm?.diff.count == 9)
        #expect(alarm?.diff.first?.contains("S-1: no price any more") == true)
    }
}
