import Ledger
import Models
import Testing

@testable import Fleet

/// What is said of what did not happen.
@Suite struct MissedExpectationTests {
    private static let answered = Fleet.Expectation(
        name: "order-answered", kind: .answer(after: ["order.placed.v1"]), within: .seconds(900), condition: .always)

    @Test("of very many it is counted that they are many: a look costs no more for them")
    func many() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                _ = try transaction.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)
                    INSERT INTO expectation (name, family, subject, mark, clock, opened, since, state, missed_at)
                    SELECT 'order-answered', 'order', 'W-' || i, 1, 'erp', 0, i, 'missed', i FROM n
                    """)
            }
            let missed = try #require(try await ledger.read { try $0.missedExpectations() }.first)
            #expect(missed.count == 10_000 && missed.isMore)
            #expect(missed.oldestSince == 1 && missed.latest == 10_050)
            #expect(
                Self.answered.sentence(of: missed)
                    == "More than 10,000 orders have had no answer from the ERP within 15m.")
        }
    }

    @Test(
        "of orders that lack a shipment it is said what they are, and whether it is all of it that is missing",
        arguments: [
            ([.accepted], "2 orders are accepted, and the store has no shipment within 3d."),
            (
                [.shipped, .partiallyShipped],
                "2 orders are said to be shipped, and the store has no shipment of all of it within 3d."
            ),
            (
                [.accepted, .shipped],
                "2 orders are accepted, or said to be shipped, and the store has no shipment of all of it, or none at "
                    + "all, within 3d."
            ),
        ] as [(Set<OrderStatus.State>, String)])
    func shipments(states: Set<OrderStatus.State>, sentence: String) {
        let expectation = Fleet.Expectation(
            name: "order-shipped", kind: .shipments(after: ["order.status.v1"], when: states),
            within: .seconds(259_200), condition: .always)
        let missed = MissedExpectation(
            name: "order-shipped", count: 2, subjects: ["W-1", "W-2"], oldestSince: 1, latest: 2)
        #expect(expectation.sentence(of: missed) == sentence)
    }

    @Test("queues and orders are told of in one alert, each in words of its own")
    func both() {
        let missed = MissedExpectation(
            name: "order-answered", count: 4, subjects: ["W-1", "W-2"], oldestSince: 1, latest: 2,
            queues: ["orders.taken", "orders.to-erp"])
        #expect(
            Self.answered.sentence(of: missed)
                == "Messages wait in orders.taken and orders.to-erp, and no worker takes them: none was taken within "
                + "15m. 2 orders have had no answer from the ERP within 15m.")
        #expect(
            Self.answered.commands(for: missed) == [
                "stevedore status", "stevedore why W-1", "stevedore expectations",
            ])
    }
}
