internal import Models

/// A line as the store's table shows it: what was ordered, as far as the message says, and what the ERP says of it.
struct ShownLine {
    /// Nil for an order of the store, which knows its own prices.
    var position: OrderLine?
    /// Nil while the ERP says nothing of the line.
    var status: LineStatus?
    var id: String
    var sku: String
    var ordered: ExactDecimal

    /// What the ERP has reserved for the line or sent already, in millionths.
    var heldMillionths: Int64 {
        guard let quantities = status?.quantities else { return 0 }
        // Each is at most 10^15.
        return quantities.allocated.millionths + quantities.shipped.millionths
    }

    /// What of that is still in the warehouse.
    var allocatedMillionths: Int64 { status?.quantities.allocated.millionths ?? 0 }

    /// A line of the store's own order.
    init(_ status: LineStatus) {
        self.status = status
        (id, sku, ordered) = (status.lineID, status.sku, status.quantities.ordered)
    }

    private init(_ position: OrderLine, _ status: LineStatus?) {
        self.position = position
        self.status = status
        (id, sku, ordered) = (position.id, position.sku, status?.quantities.ordered ?? position.quantity)
    }

    /// Every line of an order keyed in the ERP, in the order's own sequence.
    static func lines(of order: OfflineOrder) -> [ShownLine] {
        // Byte for byte, as the contract tells ids apart.
        let statuses = Dictionary(order.lineStatuses.map { (Array($0.lineID.utf8), $0) }) { first, _ in first }
        return order.lines.map { ShownLine($0, statuses[Array($0.id.utf8)]) }
    }
}
