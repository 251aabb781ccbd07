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
    func value(_ order: WireERPOrder) throws(WireFault) -> OfflineOrder {
        guard let placedAt = Timestamp(rfc3339: placedAt) else { throw WireFault("offline/placedAt", "is no time") }
        guard let currency = Currency(currency) else { throw WireFault("offline/currency", "is no currency") }
        return OfflineOrder(
            number: try WireText.key(order.erpNumber, "erpNumber"),
            revision: try WireERPOrder.counter(order.version, "version"),
            account: try WireText.key(account, "offline/account"),
            contact: contact?.value?.value,
            purchaseOrderNumber: WireText.optionalKey(purchaseOrderNumber),
            placedAt: placedAt,
            shipTo: try shipTo.value("offline/shipTo"),
            billTo: billTo?.value.flatMap { try? $0.value("offline/billTo") },
            shippingMethod: WireText.optionalKey(shippingMethod),
            requestedDate: requestedDate?.value.flatMap { CalendarDate($0) },
            preferredWarehouse: WireText.optionalKey(preferredWarehouse),
            payment: payment?.value?.value,
            currency: currency,
            lines: try positions(),
            totals: try totals.value("offline/totals"),
            state: try order.stateValue(),
            reason: order.reason?.value?.value,
            lineStatuses: try order.statuses())
    }

    private func positions() throws(WireFault) -> [OrderLine] {
        guard !lines.isEmpty else { throw WireFault("offline/lines", "are empty") }
        var positions: [OrderLine] = []
        for (index, line) in lines.enumerated() { positions.append(try line.value("offline/lines/\(index)")) }
        return positions
    }
}
