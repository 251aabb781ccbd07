import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Accounts and prices on their way to the store", .needsBroker, .timeLimit(.minutes(10)))
struct CustomersTests {
    private static let queue = Catalogue.customer.queue

    private func customer(revision: Int64 = 1, _ currency: Currency = .usd) throws -> OutgoingMessage {
        let customer = Customer(
            account: "C-1", revision: revision, name: "Northwind \(revision)", currency: currency,
            isPurchaseOrderAllowed: true, creditUsed: .zero, isActive: true)
        return OrderMessages.message(of: customer, as: Catalogue.customer)
    }

    private func prices(
        _ version: String, revision: Int64 = 1, _ price: String, _ currency: Currency = .usd
    ) throws -> OutgoingMessage {
        let prices = ContractPrices(
            holder: .account("C-1"), priceVersion: version, revision: revision, currency: currency,
            validFrom: try #require(CalendarDate("2026-01-01")),
            prices: [ContractPrice(sku: "S-1", unit: .one, unitPrice: try #require(ExactDecimal(price)))])
        return OrderMessages.message(of: prices, as: Catalogue.contractPrices)
    }

    @Test("accounts and prices are shown at their newest revision, whichever comes first")
    func newestWins() async throws {
        try await Rig.with { rig in
            let worker = try rig.start("customers-worker")
            try await rig.publish([
                try prices("Q1", revision: 2, "2.00"), try customer(revision: 3), try prices("Q1", "1.00"),
                try customer(revision: 1), try prices("Q2", "3.00"), try customer(revision: 3),
            ])
            try await rig.waitUntilEmpty(Self.queue)
            let shown = try await rig.ledger { snapshot in
                try snapshot.query(
                    """
                    SELECT name || ' ' || price_version || ' ' || unit_price
                    FROM store_account_price JOIN store_customer USING (account) ORDER BY price_version
                    """
                ) { $0.text(0) }
            }
            #expect(shown == ["Northwind 3 Q1 2.00", "Northwind 3 Q2 3.00"])
            try await rig.stop(worker)
        }
    }

    private func versions(_ rig: Rig) async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query("SELECT price_version FROM store_price_version ORDER BY price_version") { $0.text(0) }
        }
    }

    @Test("prices in another currency than the account's wait until the account changes its own; others are shown")
    func otherCurrency() async throws {
        try await Rig.with { rig in
            let worker = try rig.start("customers-worker")
            let euro = try #require(Currency("EUR"))
            try await rig.publish([try customer()])
            try await rig.waitUntilEmpty(Self.queue)
            try await rig.publish([try prices("EU", "1.00", euro), try prices("US", "2.00")])
            let retryQueue = FleetTopology.retryQueue(Self.queue, .fiveSeconds)
            try await eventually("one to wait") { try await rig.host.depth(of: retryQueue)?.messages == 1 }
            try await eventually("the other version") { try await versions(rig) == ["US"] }
            try await rig.publish([try customer(revision: 2, euro)])
            try await eventually("both versions") { try await versions(rig) == ["EU", "US"] }
            #expect(try await rig.deadLetters(of: Self.queue) == 0)
            try await rig.stop(worker)
        }
    }

    @Test("prices whose account never pays in their currency are a dead letter that says so")
    func neverItsCurrency() async throws {
        try await Rig.with { rig in
            let worker = try rig.start("customers-worker", ["WORKER_MAXIMUM_ATTEMPTS": "1"])
            try await rig.publish([try customer()])
            try await rig.waitUntilEmpty(Self.queue)
            try await rig.publish([try prices("EU", "1.00", try #require(Currency("EUR")))])
            try await eventually("the letter") { try await rig.deadLetters(of: Self.queue) == 1 }
            let letter = try #require(try await rig.letters(of: Self.queue).first)
            #expect(letter.properties.headers[MessageHeader.code]?.text == "prices.currency")
            #expect(letter.properties.headers[MessageHeader.sentence]?.text?.contains("pays in USD") == true)
            try await rig.stop(worker)
        }
    }
}
