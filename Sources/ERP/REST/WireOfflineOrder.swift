internal import Models

/// What the store never saw of an order that was keyed in the ERP.
struct WireOfflineOrder: Decodable {
    var account: String
    var purchaseOrderNumber: Part<String>?
    var placedAt: String
    var shipTo: WirePlace
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
            purchaseOrderNumber: WireText.optionalKey(purchaseOrderNumber),
            placedAt: placedAt,
            shipTo: try shipTo.value("offline/shipTo"),
            currency: currency,
            lines: try positions(),
            totals: try totals.value("offline/totals"),
            state: try order.stateValue(),
            lineStatuses: try order.statuses())
    }

    private func positions() throws(WireFault) -> [OrderLine] {
        guard !lines.isEmpty else { throw WireFault("offline/lines", "are empty") }
        var positions: [OrderLine] = []
        for (index, line) in lines.enumerated() { positions.append(try line.value("offline/lines/\(index)")) }
        return positions
    }
}

/// An address as the ERP states it.
struct WirePlace: Decodable {
    var company: Part<String>?
    var name: String
    var street: [String]
    var city: String
    var region: Part<String>?
    var postalCode: Part<String>?
    var country: String

    private static let longest = 120
    private static let mostStreetLines = 4

    func value(_ path: String) throws(WireFault) -> Address {
        guard let country = CountryCode(country) else { throw WireFault("\(path)/country", "is no country") }
        let street = street.map { WireText.free($0, atMost: Self.longest) }.filter { !$0.isEmpty }
        guard !street.isEmpty else { throw WireFault("\(path)/street", "is empty") }
        return Address(
            company: company?.value.map { WireText.free($0, atMost: Self.longest) },
            name: try Self.required(name, "\(path)/name"),
            street: Array(street.prefix(Self.mostStreetLines)),
            city: try Self.required(city, "\(path)/city"),
            region: region?.value.map { WireText.free($0, atMost: Self.longest) },
            postalCode: postalCode?.value.map { WireText.free($0, atMost: 20) },
            country: country)
    }

    private static func required(_ text: String, _ path: String) throws(WireFault) -> String {
        let text = WireText.free(text, atMost: longest)
        guard !text.isEmpty else { throw WireFault(path, "is empty") }
        return text
    }
}
