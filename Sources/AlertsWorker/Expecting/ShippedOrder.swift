internal import Ledger
internal import Models

/// What an order says is shipped, and what of that the store's shipments account for, in millionths.
struct ShippedOrder: Hashable, Sendable {
    /// Nil for a state that this program does not know.
    var state: OrderStatus.State?
    var shipped: Int64
    /// Line by line: what one has too many covers no other.
    var covered: Int64
    /// Whether anything has left, whatever the order says of it.
    var hasLeft: Bool

    /// Nil for an order that the store has not been shown.
    init?(_ number: String, _ origin: String, _ snapshot: LedgerSnapshot) throws {
        let key = (SQLValue.text(number), SQLValue.text(origin))
        guard let state = try snapshot.first(ExpectationEvidence.state, key.0, key.1, row: { $0.text(0) }) else {
            return nil
        }
        self.state = OrderStatus.State(rawValue: state)
        let lines = try snapshot.query(ExpectationEvidence.lines, key.0, key.1) { ($0.text(0), $0.text(1)) }
        let parts = try snapshot.query(ExpectationEvidence.shipments, key.0, key.1) { ($0.text(0), $0.text(1)) }
        let claimed = Self.quantities(lines)
        let sent = Self.quantities(parts)
        hasLeft = !parts.isEmpty
        shipped = claimed.values.reduce(0, Self.sum)
        covered = claimed.map { min($0.value, sent[$0.key] ?? 0) }.reduce(0, Self.sum)
    }

    /// By line id, byte for byte, as the contract tells ids apart.
    private static func quantities(_ rows: [(String, String)]) -> [[UInt8]: Int64] {
        rows.reduce(into: [:]) { quantities, row in
            let line = Array(row.0.utf8)
            quantities[line] = sum(quantities[line] ?? 0, millionths(row.1))
        }
    }

    private static func millionths(_ text: String) -> Int64 {
        ExactDecimal(text)?.rounded(to: 6)?.units ?? 0
    }

    /// The largest number there is where the sum is larger.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? .max : sum
    }
}
