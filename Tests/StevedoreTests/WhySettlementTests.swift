import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why an order costs otherwise than was said")
struct WhySettlementTests {
    private static func erpSide(_ desk: WhyDesk) async throws -> String? {
        let sides = try await desk.ask("W-1").answers.first?.sides ?? []
        return sides.first { $0.side == "ERP" }?.says
    }

    private static let rows = """
        INSERT INTO order_settlement (subject, revision, question, basis, currency, quoted, settled, noted_at)
        VALUES ('W-1', 1, 'shipping', 'estimated', 'USD', '12.50', '11.80', 1), ('W-1', 1, 'tax', 'cached', 'USD', '5.99', NULL, 1)
        """

    @Test("what the ERP charges stands beside what had been estimated, once it has said so")
    func charged() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1", state: "accepted")
            try await desk.show("W-1", .accepted)
            let before = try await Self.erpSide(desk)
            #expect(before?.contains("charges") == false)
            _ = try await desk.ledger.write { try $0.execute(text: Self.rows) }
            let after = try await Self.erpSide(desk)
            #expect(after?.hasSuffix("; charges 11.80 USD for shipping, where 12.50 was estimated") == true)
        }
    }
}
