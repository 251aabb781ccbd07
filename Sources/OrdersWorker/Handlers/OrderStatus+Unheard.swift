internal import Models

extension OrderStatus {
    /// The answer to the cancellation of an order that the ERP has never heard of: the store shows it as one that the ERP
    /// has cancelled, but for the ERP's number.
    static func cancelledUnheard(_ order: Order, revision: Int64) -> OrderStatus {
        OrderStatus(
            number: order.number, revision: revision, answeredRevision: order.revision, state: .cancelled,
            reason: .cancelledUnheard,
            lines: order.lines.map { line in
                LineStatus(
                    lineID: line.id, sku: line.sku, status: .cancelled,
                    quantities: .init(ordered: line.quantity, allocated: .zero, shipped: .zero, backordered: .zero),
                    reason: .cancelledUnheard)
            })
    }
}

extension OrderStatus.Reason {
    /// For the buyer, who need not know of the ERP.
    static let cancelledUnheard = OrderStatus.Reason(
        code: "order.cancelled-unsent", text: "The order was cancelled before it was processed.")
}
