import Models
import Testing

@Suite("Totals")
struct TotalsTests {
    @Test("totals reconcile exactly when integers say so, and one minor unit off is always found", arguments: 1...25)
    func reconciliation(seed: UInt64) throws {
        var generator = OrderGenerator(seed: seed)
        var random = SeededGenerator(seed: seed &* 31)
        let reader = MessageReader()
        for _ in 0..<20 {
            let order = generator.order()
            let envelope = generator.envelope(for: order)
            #expect(throws: Never.self) { try reader.read(MessageWriter().write(envelope, order)) }
            let (wrong, pointers) = try Self.disturbed(order, &random)
            do throws(ContractError) {
                _ = try reader.read(MessageWriter().write(envelope, wrong))
                Issue.record("accepted \(wrong.totals)")
            } catch {
                #expect(Set(error.faults.map(\.pointer)) == pointers)
                #expect(error.faults.allSatisfy { $0.rule == "reconcile" })
            }
        }
    }

    /// The order with one of its sums off by one minor unit, and where that must be found.
    private static func disturbed(
        _ order: Order, _ random: inout SeededGenerator
    ) throws -> (Order, pointers: Set<String>) {
        var order = order
        let cent = try #require(ExactDecimal(units: 1, scale: order.currency.minorUnits))
        let field = [\OrderTotals.goods, \.discount, \.shipping, \.tax, \.total][Int.random(in: 0..<5, using: &random)]
        order.totals[keyPath: field] = try #require(order.totals[keyPath: field].adding(cent))
        let pointers: Set = field == \.goods ? ["/data/totals/goods", "/data/totals/total"] : ["/data/totals/total"]
        return (order, pointers)
    }
}
