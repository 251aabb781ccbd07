import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

extension WhyDesk {
    /// A worker has applied a revision.
    func apply(
        _ family: String, _ subject: String, _ revision: Int64, at clock: String = "09:00:00", day: Int = 10
    ) async throws {
        let (key, now) = (Self.key(family, subject, revision), try at(clock, day: day))
        _ = try await ledger.write { try $0.claimAndComplete(key, holder: "w", now: now) }
    }

    /// The ERP has told of a product and what EAST has of it; the store shows both. They changed at nine.
    func tell(isActive: Bool = true, appliedAt clock: String = "09:00:00") async throws {
        let price = Price(amount: try #require(ExactDecimal("0.21")), currency: .usd)
        let product = Product(
            sku: "BOLT-8", revision: 5, name: "Bolt", unit: .one, listPrice: price,
            replacementSKU: isActive ? nil : "BOLT-9", isActive: isActive)
        let (stock, time) = (try stock(), try time("09:00:00"))
        try await apply("product", "BOLT-8", 5, at: clock)
        try await ledger.write { [store] transaction in
            try store.show(product, at: time, in: transaction)
            try store.show(stock, at: time, in: transaction)
            try transaction.execute("UPDATE store_stock SET shown_at = ?", .integer(time.microseconds))
        }
    }

    func stock() throws -> Stock {
        Stock(
            sku: "BOLT-8", warehouse: "EAST", revision: 2, unit: .one, onHand: try #require(ExactDecimal("12")),
            reserved: .zero)
    }

    /// What is to be posted waits since nine; what is refused is due again at five past twelve.
    func redatePosts(areRefused: Bool = false) async throws {
        let (since, due) = (try at("09:00:00"), try at("12:05:00"))
        try await ledger.write { transaction in
            try transaction.execute("UPDATE store_webhook_post SET waiting_since = ?", .integer(since))
            guard areRefused else { return }
            try transaction.execute(
                "UPDATE store_webhook_post SET failing_since = ?, available_at = ?, last_failure = 'It said no.'",
                .integer(since), .integer(due))
        }
    }

    func gap(_ stream: String, _ key: String, _ kind: FeedGap.Kind = .unreadable) async throws {
        let since = try at("08:00:00")
        let gap = FeedGap(stream: stream, key: key, kind: kind, reason: "no such state", since: since)
        _ = try await ledger.write { try $0.noteGap(gap, now: since) }
    }
}
