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

    struct Person: Decodable {
        var name: String
        var email: String
        var phone: String?
    }

    struct Paid: Decodable {
        var method: String
        var reference: String?

        func value() -> Payment? {
            switch (method, reference) {
            case ("purchase-order", _): .purchaseOrder
            case ("prepaid", let reference?): .prepaid(reference: reference)
            default: nil
            }
        }
    }

    var account: String
    var contact: Person?
    var purchaseOrderNumber: String?
    var placedAt: String
    var shipTo: Place
    var billTo: Place?
    var shippingMethod: String?
    var requestedDate: String?
    var preferredWarehouse: String?
    var payment: Paid?
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
            contact: contact.map { Contact(name: $0.name, email: $0.email, phone: $0.phone) },
            purchaseOrderNumber: purchaseOrderNumber, placedAt: placedAt, shipTo: shipTo, billTo: billTo?.value(),
            shippingMethod: shippingMethod, requestedDate: requestedDate.flatMap { CalendarDate($0) },
            preferredWarehouse: preferredWarehouse, payment: payment?.value(), currency: currency, lines: lines,
            totals: totals, state: state, reason: order.reason?.value, lineStatuses: statuses)
    }
}
