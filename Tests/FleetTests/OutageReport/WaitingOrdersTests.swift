import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet

@Suite("Orders that wait for the ERP")
struct WaitingOrdersTests {
    private static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await DatabaseStorefront.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func order(
        _ number: String, _ total: String, _ currency: String = "USD", revision: Int64 = 1
    ) throws -> Order {
        var order = try #require(try Samples.message().payload as? Order)
        (order.number, order.revision) = (number, revision)
        order.currency = try #require(Currency(currency))
        order.totals.total = try #require(ExactDecimal(total))
        return order
    }

    /// The store takes it at that second of 1970.
    private static func take(_ order: Order, at second: Int64, _ ledger: Ledger) async throws {
        let time = try #require(Timestamp(microseconds: second * 1_000_000))
        try await ledger.write { transaction in
            try DatabaseStorefront().note(order, isCancelled: false, at: time, in: transaction)
        }
    }

    private static func answer(_ number: String, revision: Int64 = 1, _ ledger: Ledger) async throws {
        let status = OrderStatus(
            number: number, revision: revision, erpNumber: "SO-1", answeredRevision: revision, state: .accepted,
            lines: [])
        try await ledger.write { transaction in
            try DatabaseStorefront().show(status, at: .epoch, in: transaction)
        }
    }

    private static func waiting(_ ledger: Ledger) async throws -> WaitingOrders? {
        try await ledger.read { try $0.waitingOrders() }
    }

    private static func sums(_ orders: WaitingOrders?) -> [String] {
        orders?.stakes.map { "\($0.amount) \($0.currency.code)" } ?? []
    }

    @Test("are counted and added up by currency, exactly, whatever their decimals, and the oldest is named")
    func sums() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "0.10"), at: 300, ledger)
            try await Self.take(try Self.order("W-2", "0.2"), at: 100, ledger)
            try await Self.take(try Self.order("W-3", "999999999999.99"), at: 200, ledger)
            try await Self.take(try Self.order("W-4", "5", "EUR"), at: 400, ledger)
            let orders = try await Self.waiting(ledger)
            #expect(orders?.count == 4 && orders?.uncounted == 0)
            #expect(Self.sums(orders) == ["1000000000000.29 USD", "5 EUR"])
            #expect(orders?.oldest == WaitingOrders.Oldest(number: "W-2", takenAt: 100_000_000))
        }
    }

    @Test("are none any more once the ERP has answered, and wait again with an amendment")
    func answered() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            try await Self.take(try Self.order("W-2", "20.00"), at: 2, ledger)
            try await Self.answer("W-1", ledger)
            let first = try await Self.waiting(ledger)
            #expect(first?.count == 1 && first?.oldest?.number == "W-2")
            try await Self.take(try Self.order("W-1", "11.00", revision: 2), at: 3, ledger)
            let second = try await Self.waiting(ledger)
            #expect(Self.sums(second) == ["31.00 USD"])
        }
    }

    @Test("that were called off are none: nothing is at stake for them")
    func calledOff() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            try await Self.take(try Self.order("W-2", "20.00"), at: 2, ledger)
            _ = try await ledger.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO last_word (family, subject, first_revision, revision, is_cancelled, message_id,
                        first_noted_at, noted_at)
                    VALUES ('order', 'W-1', 1, 2, 1, 'm', 1, 1), ('order', 'W-2', 1, 2, 0, 'n', 1, 1)
                    """)
            }
            let orders = try await Self.waiting(ledger)
            #expect(orders?.count == 1 && Self.sums(orders) == ["20.00 USD"])
        }
    }

    @Test("of which nobody can say what they are worth are counted all the same, and said to be in no sum")
    func uncounted() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            try await Self.take(try Self.order("W-2", "20.00"), at: 2, ledger)
            _ = try await ledger.write { transaction in
                try transaction.execute("UPDATE store_order SET total = NULL WHERE number = 'W-2'")
            }
            let orders = try await Self.waiting(ledger)
            #expect(orders?.count == 2 && orders?.uncounted == 1)
            #expect(Self.sums(orders) == ["10.00 USD"])
        }
    }

    @Test("a sum that is too large to be written is said to be missing, and nothing traps")
    func overflow() {
        let part = WaitingOrders.Part(
            currency: "USD", scale: 2, count: 3, sum: (billions: .max, rest: .max), oldest: nil)
        let orders = WaitingOrders([part])
        #expect(orders.count == 3 && orders.uncounted == 3 && orders.stakes.isEmpty)
    }

    @Test("are not known where the store keeps no tables")
    func noTables() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            let orders = try await Self.waiting(ledger)
            #expect(orders == nil)
            await ledger.close()
        }
    }

    @Test("are found by an index of those alone, however many orders there are")
    func plan() async throws {
        try await Self.with { ledger in
            let steps = try await ledger.read { snapshot in
                try snapshot.query(text: "EXPLAIN QUERY PLAN \(WaitingOrders.sql(knowsLastWords: true))") { $0.text(3) }
            }
            let scans = steps.filter { $0.hasPrefix("SCAN store") || $0.hasPrefix("SCAN o") }
            #expect(scans == ["SCAN store_demand USING COVERING INDEX store_demand_unanswered"], "\(steps)")
        }
    }
}
