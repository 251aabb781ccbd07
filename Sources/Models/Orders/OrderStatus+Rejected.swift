extension OrderStatus {
    /// The answer to an order that nobody will deliver: every line of it is rejected.
    public static func rejected(_ order: Order, revision: Int64, reason: Reason) -> OrderStatus {
        OrderStatus(
            number: order.number, revision: revision, answeredRevision: order.revision, state: .rejected,
            reason: reason,
            lines: order.lines.map { line in
                LineStatus(
                    lineID: line.id, sku: line.sku, status: .rejected,
                    quantities: .init(ordered: line.quantity, allocated: .zero, shipped: .zero, backordered: .zero))
            })
    }
}
