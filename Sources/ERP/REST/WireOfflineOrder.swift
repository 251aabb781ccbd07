internal import Models

/// What the store never saw of an order that was keyed in the ERP.
struct WireOfflineOrder: Decodable {
    struct Place: Decodable {
        var company: String?
        var name: String
        var street: [String]
        var city: String
        var region: String?
        var postalCode: String?
        var country: String

        func value() -> Address? {
            CountryCode(country).map {
                Address(
                    company: company, name: name, street: street, city: city, region: region, postalCode: postalCode,
                    country: $0)
            }
        }
    }

    var account: String
    var purchaseOrderNumber: String?
    var placedAt: String
    var shipTo: Place
    var currency: String
    var lines: [WireOrderLine]
    var totals: WireTotals

    /// Nil when a value is outside what the interface allows.
    func value(_ order: WireERPOrder) -> OfflineOrder? {
        let lines = self.lines.compactMap { $0.value() }
        let statuses = order.lines.compactMap { $0.value() }
        guard lines.count == self.lines.count, statuses.count == order.lines.count, order.version >= 1,
            let placedAt = Timestamp(rfc3339: placedAt), let shipTo = shipTo.value(),
            let currency = Currency(currency), let totals = totals.value(),
            let state = OrderStatus.State(rawValue: order.state)
        else { return nil }
        return OfflineOrder(
            number: order.erpNumber, revision: order.version, account: account,
            purchaseOrderNumber: purchaseOrderNumber, placedAt: placedAt, shipTo: shipTo, currency: currency,
            lines: lines, totals: totals, state: state, lineStatuses: statuses)
    }
}
