import ERP
import Ledger
import Logging
import Models
import Testing

@testable import Fleet

@Suite("The settlement of an order's estimates")
struct OrderSettlementTests {
    private static func amount(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }

    private static func order(
        _ revision: Int64 = 1, shipping: String = "10.00", _ fallbacks: [QuoteFallback.Question] = [.shipping]
    ) throws -> Order {
        let body = try Samples.orderBody("W-1", revision: revision)
        var order = try #require(try MessageReader().read(body).payload as? Order)
        order.totals.shipping = amount(shipping)
        order.fallbacks = fallbacks.map { QuoteFallback(question: $0, basis: .estimated) }
        return order
    }

    private static func standing(
        _ order: Order, charging shipping: String?, version: Int64 = 1, state: OrderStatus.State = .accepted
    ) -> ERPOrder {
        var totals = order.totals
        totals.shipping = amount(shipping ?? "0")
        return ERPOrder(
            erpNumber: "SO-1", storeNumber: order.number, storeRevision: order.revision, version: version,
            state: state, lines: [], totals: shipping == nil ? nil : totals)
    }

    private static func take(_ ledger: Ledger, _ order: Order, charging shipping: String?) async throws -> Bool {
        let standing = standing(order, charging: shipping)
        return try await ledger.write { transaction in
            try transaction.noteEstimates(of: order, at: .now())
            return try transaction.settle(standing)
        }
    }

    private static func differences(_ ledger: Ledger, at revision: Int64 = 1) async throws -> [String] {
        let found = try await ledger.read { try $0.settlements(of: "W-1", at: revision) }
        return (found ?? []).map { "\($0.question.rawValue) \($0.difference)" }
    }

    /// What the feed tells of it.
    private static func fed(_ ledger: Ledger, _ standing: ERPOrder) async throws -> OrderStatus {
        try await ledger.write { transaction in
            try transaction.settle(standing)
            return try transaction.fedStatus(standing.status(revision: 0), version: standing.version)
        }
    }

    @Test("is told once the ERP has said what it charges, and only of what was estimated")
    func told() async throws {
        try await withLedger { ledger in
            let order = try Self.order(1, shipping: "10.00", [.shipping, .tax, .availability])
            #expect(try await !Self.take(ledger, order, charging: nil))
            #expect(try await Self.differences(ledger).isEmpty)
            #expect(try await Self.take(ledger, order, charging: "9.10"))
            let zero = order.totals.tax.subtracting(order.totals.tax) ?? .zero
            #expect(try await Self.differences(ledger) == ["shipping -0.90", "tax \(zero)"])
            #expect(try await !Self.take(ledger, order, charging: "9.10"), "nothing new")
            #expect(try await Self.take(ledger, order, charging: "9.20"), "the ERP has changed its mind")
        }
    }

    @Test("goes with every status of that revision that the feed tells, and not with that of an order called off")
    func feed() async throws {
        try await withLedger { ledger in
            let order = try Self.order()
            _ = try await Self.take(ledger, order, charging: nil)
            let first = try await Self.fed(ledger, Self.standing(order, charging: "9.10", version: 2))
            #expect(first.settlements?.map(\.difference) == [Self.amount("-0.90")])
            // Also where the ERP leaves it out this time.
            let second = try await Self.fed(ledger, Self.standing(order, charging: nil, version: 3))
            #expect(second.settlements == first.settlements)
            let off = try await Self.fed(ledger, Self.standing(order, charging: "0", version: 4, state: .cancelled))
            #expect(off.settlements == nil)
        }
    }

    @Test("of a revision that a newer one has replaced is over, and of one that still stands is not")
    func revisions() async throws {
        try await withLedger { ledger in
            let first = try Self.order()
            _ = try await Self.take(ledger, first, charging: "9.10")
            // The second revision was refused: what stands is the first.
            #expect(try await Self.differences(ledger) == ["shipping -0.90"])
            _ = try await Self.take(ledger, try Self.order(3, []), charging: "9.10")
            #expect(try await Self.differences(ledger).isEmpty)
            #expect(try await Self.differences(ledger, at: 3).isEmpty)
        }
    }

    @Test("of a figure that the order's currency has no such cents for is not told")
    func cents() async throws {
        try await withLedger { ledger in
            _ = try await Self.take(ledger, try Self.order(), charging: "9.105")
            #expect(try await Self.differences(ledger).isEmpty)
        }
    }

    @Test("is forgotten after a year, in steps")
    func retention() async throws {
        try await withLedger { ledger in
            let year = try #require(Timestamp(microseconds: Timestamp.now().microseconds - 366 * 86_400_000_000))
            let (old, new) = (try Self.order(1, shipping: "10.00", [.shipping, .tax, .price]), try Self.order(2))
            try await ledger.write { transaction in
                try transaction.noteEstimates(of: old, at: year)
                // Another order, so that it is not gone for being replaced.
                var other = new
                other.number = "W-2"
                try transaction.noteEstimates(of: other, at: .now())
            }
            let janitor = Janitor(
                ledger: ledger, holder: "test",
                retention: LedgerRetention(journal: .seconds(60), payload: .seconds(60), deadLetter: .seconds(60)),
                logger: Samples.quiet, rowsPerStep: 2,
                pause: .zero)
            #expect(try await janitor.sweepSettlements() == 3)
            let left = try await ledger.read { snapshot in
                try snapshot.query("SELECT subject FROM order_settlement") { $0.text(0) }
            }
            #expect(left == ["W-2"])
        }
    }
}
