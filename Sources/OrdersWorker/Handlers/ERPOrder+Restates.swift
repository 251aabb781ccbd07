internal import ERP
internal import Models

extension ERPOrder {
    /// Whether this is the given revision with the given content, as far as an ERP states what it was told.
    ///
    /// False wherever it is not certain. Sending the order again is harmless then: the ERP keeps number and revision
    /// unique, and says whether the content is another one.
    func restates(_ order: Order, cancelled: Bool) -> Bool {
        guard storeRevision == order.revision, total == order.totals.total,
            purchaseOrderNumber == order.purchaseOrderNumber
        else { return false }
        if cancelled { return state == .cancelled }
        let statuses = Dictionary(lines.map { ($0.lineID, $0) }) { first, _ in first }
        return order.lines.count == lines.count && order.lines.allSatisfy { statuses[$0.id]?.concerns($0) == true }
    }
}

extension LineStatus {
    /// Whether it answers a line with this product and quantity. A quantity that the ERP has changed says nothing.
    fileprivate func concerns(_ line: OrderLine) -> Bool {
        sku == line.sku && (status == .acceptedWithChanges || quantities.ordered == line.quantity)
    }
}
