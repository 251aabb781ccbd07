internal import Models

/// What the store never saw of an order that was keyed in the ERP.
struct WireOfflineOrder: Decodable {
    var account: String
    var contact: Part<WireContact>?
    var purchaseOrderNumber: Part<String>?
    var placedAt: String
    var shipTo: WirePlace
    var billTo: Part<WirePlace>?
    var shippingMethod: Part<String>?
    var requestedDate: Part<String>?
    var preferredWarehouse: Part<String>?
    var payment: Part<WirePaid>?
    var currency: String
    var lines: [WireOrderLine]
    var totals: WireTotals

    /// Fails at the first required value that is outside what the interface allows.
    func value(_ order: WireERPOrder, _ gaps: inout WireGaps) throws(WireFault) -> OfflineOrder {
        OfflineOrder(
            number: try WireText.key(order.erpNumber, "erpNumber"),
            revision: try WireERPOrder.counter(order.version, "version"),
            account: try WireText.key(account, "offline/account"),
            contact: gaps.read(contact, "offline/contact"),
            purchaseOrderNumber: gaps.text(purchaseOrderNumber, "offline/purchaseOrderNumber", WireText.key),
            placedAt: try WireForm.time(placedAt, "offline/placedAt"),
            shipTo: try shipTo.value("offline/shipTo", &gaps),
            billTo: gaps.read(billTo, "offline/billTo"),
            shippingMethod: gaps.text(shippingMethod, "offline/shippingMethod", WireText.key),
            requestedDate: gaps.text(requestedDate, "offline/requestedDate", WireForm.day),
            preferredWarehouse: gaps.text(preferredWarehouse, "offline/preferredWarehouse", WireText.key),
            payment: gaps.read(payment, "offline/payment"),
            currency: try WireForm.currency(currency, "offline/currency"),
            lines: try positions(&gaps),
            totals: try totals.value("offline/totals"),
            state: try order.stateValue(),
            reason: gaps.read(order.reason, "reason"),
            lineStatuses: try order.statuses(&gaps))
    }

    private func positions(_ gaps: inout WireGaps) throws(WireFault) -> [OrderLine] {
        guard !lines.isEmpty else { throw WireFault("offline/lines", "are empty") }
        var positions: [OrderLine] = []
        for (index, line) in lines.enumerated() {
            positions.append(try line.value("offline/lines/\(index)", &gaps))
        }
        return positions
    }
}
