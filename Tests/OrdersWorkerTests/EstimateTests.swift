import ERP
import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import OrdersWorker

@Suite("An order that rests on an estimate")
struct EstimateTests {
    private static let dollar = ExactDecimal(1) ?? .zero

    private static func order(_ fallbacks: [QuoteFallback.Question]) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        order.fallbacks = fallbacks.map { QuoteFallback(question: $0, basis: .estimated) }
        return order
    }

    /// The ERP charges a dollar more for freight.
    private static func standing(_ order: Order) throws -> ERPOrder {
        var standing = MemoryERP.entry(order, .accepted)
        var totals = order.totals
        totals.shipping = try #require(totals.shipping.adding(dollar))
        totals.total = try #require(totals.total.adding(dollar))
        standing.totals = totals
        return standing
    }

    /// The statuses that the ERP's answer leaves, after the feed has told the same state or not.
    private static func statuses(_ order: Order, feedWasQuicker: Bool) async throws -> [OrderStatus] {
        let standing = try standing(order)
        return try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            let followUps = try await ledger.write { transaction in
                if feedWasQuicker {
                    let family = Catalogue.orderStatus.family
                    try transaction.settle(standing)
                    let told = try transaction.fedStatus(standing.status(revision: 0), version: standing.version)
                    try transaction.noteTold(family: family, subject: told.number, revision: standing.version)
                }
                return try Effect.answered(order, by: standing).record(transaction)
            }
            await ledger.close()
            return followUps.compactMap { $0.payload as? OrderStatus }
        }
    }

    @Test("is told what the ERP charges with the ERP's answer")
    func answered() async throws {
        let statuses = try await Self.statuses(try Self.order([.shipping]), feedWasQuicker: false)
        #expect(statuses.count == 1 && statuses.first?.revision == 1)
        let settlement = statuses.first?.settlements?.first
        #expect(settlement?.question == .shipping && settlement?.difference == Self.dollar)
    }

    @Test("is told so once more when the feed was quicker, which knows of no estimates; another one is not")
    func quicker() async throws {
        let statuses = try await Self.statuses(try Self.order([.shipping]), feedWasQuicker: true)
        #expect(statuses.map(\.revision) == [2])
        #expect(statuses.first?.settlements?.count == 1)
        #expect(try await Self.statuses(try Self.order([]), feedWasQuicker: true).isEmpty)
    }
}
