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
                }
            }
            let alarm = try await ledger.read { snapshot in
                try BatchTally(changes.map { DatedChange($0) }, limits: limits, shown: snapshot).alarm(limits)
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
