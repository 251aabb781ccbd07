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

    /// That message of the order is a dead letter.
    private static func bury(
        _ number: String, revision: Int64 = 1, state: DeadLetterState = .open, _ ledger: Ledger
    ) async throws {
        try await ledger.write { transaction in
            try transaction.recordDeadLetter(
                DeadLetterRecord(
                    id: "\(number)-\(revision)", queue: "orders.to-erp.dead", flow: "orders.to-erp",
                    type: "order.placed.v1", subject: number, revision: revision, code: "sku.unknown",
                    category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1, firstFailedAt: 1,
                    lastFailedAt: 1, state: state))
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

    @Test("that are dead letters wait for a person, and are counted apart")
    func deadLetters() async throws {
        try await Self.with { ledger in
            for (index, number) in ["W-1", "W-2", "W-3", "W-4"].enumerated() {
                try await Self.take(try Self.order(number, "10.00"), at: Int64(index + 1), ledger)
            }
            try await Self.bury("W-1", ledger)
            // It is on its way again.
            try await Self.bury("W-2", state: .replayed, ledger)
            // Its newest revision waits, whatever became of the one before.
            try await Self.bury("W-3", ledger)
            try await Self.take(try Self.order("W-3", "30.00", revision: 2), at: 9, ledger)
            let orders = try await Self.waiting(ledger)
            #expect(orders?.count == 3 && orders?.oldest?.number == "W-2" && orders?.deadLetters == 1)
            #expect(Self.sums(orders) == ["50.00 USD"])
            let letters = orders?.deadLetterStakes.map { "\($0.amount) \($0.currency.code)" }
            #expect(letters == ["10.00 USD"])
        }
    }

    @Test("are counted as of a time as well, so that what comes later is no news")
    func limited() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            try await Self.take(try Self.order("W-2", "20.00"), at: 5, ledger)
            let orders = try await ledger.read { try $0.waitingOrders(takenBy: 4_000_000) }
            #expect(orders?.count == 1 && Self.sums(orders) == ["10.00 USD"])
        }
    }

    @Test("that came in are counted by the fleet's clock, as its messages are, and not by their own time")
    func taken() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            try await Self.take(try Self.order("W-2", "20.00"), at: 150, ledger)
            try await ledger.write { transaction in
                for (number, second) in [("W-1", 100), ("W-1", 120), ("W-2", 900)] as [(String, Int64)] {
                    try transaction.journal(
                        JournalEntry(
                            at: second * 1_000_000, type: "order.placed.v1", subject: number, revision: 1,
                            stage: "noted", code: "ok"))
                }
            }
            let taken = try await ledger.read { try $0.ordersTaken(from: 50_000_000, to: 200_000_000) }
            #expect(taken?.orders.count == 1 && taken?.isWhole == true)
            #expect(Self.sums(taken?.orders) == ["10.00 USD"])
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

    @Test("are found all the same where no worker of this version has made the index")
    func noIndex() async throws {
        try await Self.with { ledger in
            try await Self.take(try Self.order("W-1", "10.00"), at: 1, ledger)
            _ = try await ledger.write { try $0.execute("DROP INDEX store_order_waiting") }
            let orders = try await Self.waiting(ledger)
            #expect(orders?.count == 1)
        }
    }

    @Test("are found by an index of those alone, however many orders there are")
    func plan() async throws {
        try await Self.with { ledger in
            let steps = try await ledger.read { snapshot in
                try snapshot.query(text: "EXPLAIN QUERY PLAN \(WaitingOrders.sql())") { $0.text(3) }
            }
            let scans = steps.filter { $0.hasPrefix("SCAN o") || $0.hasPrefix("SCAN store") }
            #expect(scans == ["SCAN o USING COVERING INDEX store_order_waiting"], "\(steps)")
        }
    }
}
